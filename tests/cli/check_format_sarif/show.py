# SPDX-License-Identifier: Apache-2.0
"""Holds a SARIF log against what the standard requires, and shows its results."""
import json
import sys

log = json.load(sys.stdin)
assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
[run] = log["runs"]
driver = run["tool"]["driver"]
assert driver["name"] == "Bandstand" and run["columnKind"] == "unicodeCodePoints"
rules = driver["rules"]
assert len({rule["id"] for rule in rules}) == len(rules) > 100
for rule in rules:
    for key in ("shortDescription", "fullDescription", "help"):
        assert rule[key]["text"], rule["id"]
    assert rule["help"]["markdown"].startswith("## " + rule["id"])
    assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")


def check_region(region):
    assert region["startLine"] >= 1
    start = region["startLine"], region.get("startColumn", 1)
    assert start <= (region["endLine"], region["endColumn"])


for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
    for location in result["locations"] + result.get("relatedLocations", []):
        physical = location["physicalLocation"]
        assert "\\" not in physical["artifactLocation"]["uri"]
        check_region(physical["region"])
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            assert change["artifactLocation"]["uri"]
            for replacement in change["replacements"]:
                check_region(replacement["deletedRegion"])
                assert "text" in replacement["insertedContent"]
    for suppression in result["suppressions"]:
        assert suppression["kind"] == "inSource" and suppression["justification"]
json.dump(run["results"], sys.stdout, indent=1, ensure_ascii=False)
print()
