"""JUnit XML: a suite for each document, a case for each finding, and one that passes where nothing was found."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from verify.text.diagnostics import Diagnostic, Severity
from verify.text.output import Checked, Outcome, legal


def render(outcome: Outcome) -> str:
    suites = ET.Element("testsuites", name="verify cite-check")
    for one in outcome.checked:
        _suite(suites, one)
    for count, tag in (("tests", "testcase"), ("failures", "failure")):
        suites.set(count, str(sum(1 for _ in suites.iter(tag))))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _suite(suites: ET.Element, checked: Checked) -> None:
    cases = len(checked.diagnostics) or 1
    failures = sum(one.severity is not Severity.NOTE for one in checked.diagnostics)
    name = legal(checked.document.name)
    suite = ET.SubElement(suites, "testsuite", name=name, tests=str(cases), failures=str(failures), errors="0")
    for one in checked.diagnostics:
        _case(suite, one)
    if not checked.diagnostics:
        ET.SubElement(suite, "testcase", classname=name, name="nothing found")


def _case(suite: ET.Element, one: Diagnostic) -> None:
    place = f"{one.code} at {one.line}:{one.column}"
    case = ET.SubElement(
        suite, "testcase", classname=legal(one.file), name=place, file=legal(one.file), line=str(one.line)
    )
    text = legal(f"{one.file}:{one.line}:{one.column} {one.code} {one.message}\n{one.help}".rstrip())
    if one.severity is Severity.NOTE:  # worth knowing, and no failure
        ET.SubElement(case, "system-out").text = text
    else:
        ET.SubElement(case, "failure", type=str(one.severity), message=legal(one.message)).text = text
