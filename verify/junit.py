"""A run as JUnit XML: one test case a part; failed where the verdict was not expected, in error on a conflict."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from verify.results import PartResult, RunResult


def junit(result: RunResult) -> str:
    """The XML text. Attributes are escaped by the standard library's writer; control characters are left out."""
    suites = ET.Element("testsuites", name="verify", tests=str(len(result.parts)))
    by_collection: dict[str, ET.Element] = {}
    for claim, part in result.parts:
        if claim.collection not in by_collection:
            by_collection[claim.collection] = ET.SubElement(suites, "testsuite", name=claim.collection)
        seconds = sum(e.seconds for e in part.evidence)
        case = ET.SubElement(
            by_collection[claim.collection],
            "testcase",
            classname=f"{claim.collection}.{claim.id}",
            name=part.id,
            time=f"{seconds:.3f}",
        )
        _problem(case, part)
    for suite in by_collection.values():
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            suite.set(count, str(sum(1 for _ in suite.iter(tag))))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _problem(case: ET.Element, part: PartResult) -> None:
    text = _legal(part.why)
    if part.conflict:
        ET.SubElement(case, "error", message="conflict of evidence").text = text
    elif not part.as_expected:
        message = f"{part.verdict}, expected {part.expected}"
        ET.SubElement(case, "failure", message=message).text = text


def _legal(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
