#!/usr/bin/env python3
"""Is publiccode.yml what version 0 of the publiccode.yml standard asks for?

Checks keys, required values, lengths and closed lists (https://yml.publiccode.tools, core schema);
opens no address. `publiccode-parser`, the standard's own validator, is asked as well where it is
installed. Knows nothing of what the words say.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "publiccode.yml"

VERSIONS = "0 0.2 0.2.0 0.2.1 0.2.2 0.3 0.3.0 0.4 0.4.0 0.5 0.5.0".split()
STATUSES = "concept development beta stable obsolete".split()
TYPES = (
    "standalone/mobile standalone/iot standalone/desktop standalone/web standalone/backend"
    " standalone/other addon library configurationFiles"
).split()
MAINTENANCE = "internal contract community none".split()
SCOPES = (
    "agriculture culture defence education emergency-services employment energy environment"
    " finance-and-economic-development foreign-affairs healthcare infrastructures justice"
    " local-authorities manufacturing research science-and-technology security society sport tourism"
    " transportation welfare"
).split()
# Those that a catalogue of experience may come under; the standard's whole list is longer.
CATEGORIES = (
    "collaboration content-management data-analytics data-collection data-visualization"
    " digital-citizenship document-management educational-content geographic-information-systems"
    " knowledge-management online-community survey website-builder"
).split()

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ORGANISATION = re.compile(r"urn:x-italian-pa:[a-z0-9_]+|https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
# An SPDX identifier, alone or joined with others.
LICENCE = re.compile(r"[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*")

# What each part may hold; a star before a name: it must be there.
KEYS = {
    "": "*publiccodeYmlVersion *name applicationSuite *url landingURL isBasedOn softwareVersion releaseDate logo"
    " organisation fundedBy inputTypes outputTypes *platforms categories usedBy roadmap *developmentStatus"
    " *softwareType intendedAudience *description *legal *maintenance *localisation dependsOn IT",
    "organisation": "*name uri",
    "intendedAudience": "scope countries unsupportedCountries",
    "description": "localisedName *shortDescription *longDescription documentation apiDocumentation"
    " *features screenshots videos awards",
    "legal": "*license mainCopyrightOwner repoOwner authorsFile",
    "maintenance": "*type contractors contacts",
    "contact": "*name email phone affiliation",
    "localisation": "*localisationReady *availableLanguages",
}


class Faults(list):
    """What is wrong, by the place where it stands."""

    def keys(self, place: str, kind: str, part) -> dict:
        """The part as a mapping, after a look at its keys."""
        if not isinstance(part, dict):
            self.append(f"{place or 'the file'} is no mapping")
            return {}
        names = KEYS[kind].split()
        for name in sorted(set(part) - {name.lstrip("*") for name in names}):
            self.append(f"{place}{name} is no key of the standard")
        for name in names:
            if name.startswith("*") and part.get(name[1:]) in (None, "", [], {}):
                self.append(f"{place}{name[1:]} is missing")
        return part

    def each(self, place: str, values, fits) -> None:
        """A list, or one value, each of which must fit a pattern or stand in a list."""
        for value in values if isinstance(values, list) else [values]:
            good = value in fits if isinstance(fits, list) else isinstance(value, str) and fits.fullmatch(value)
            if value is not None and not good:
                self.append(f"{place}: {value!r} is not what the standard allows")


def description(faults: Faults, language: str, part) -> None:
    place = f"description.{language}."
    faults.each("description", language, LANGUAGE)
    part = faults.keys(place, "description", part)
    for name, least, most in [("shortDescription", 1, 150), ("longDescription", 150, 10_000)]:
        length = len(str(part.get(name) or ""))
        if length and not least <= length <= most:
            faults.append(f"{place}{name} has {length} characters, not {least} to {most}")
    for name in ["documentation", "apiDocumentation", "videos"]:
        faults.each(place + name, part.get(name), ADDRESS)


def check(file: dict) -> Faults:
    faults = Faults()
    file = faults.keys("", "", file)
    for name, fits in [
        ("publiccodeYmlVersion", VERSIONS), ("url", ADDRESS), ("landingURL", ADDRESS), ("isBasedOn", ADDRESS),
        ("roadmap", ADDRESS), ("releaseDate", DATE), ("developmentStatus", STATUSES), ("softwareType", TYPES),
        ("categories", CATEGORIES),
    ]:
        faults.each(name, file.get(name), fits)
    for language, part in dict(file.get("description") or {}).items():
        description(faults, language, part)
    organisation = faults.keys("organisation.", "organisation", file.get("organisation") or {"name": "–"})
    faults.each("organisation.uri", organisation.get("uri"), ORGANISATION)
    audience = faults.keys("intendedAudience.", "intendedAudience", file.get("intendedAudience") or {})
    faults.each("intendedAudience.scope", audience.get("scope"), SCOPES)
    for name in ["countries", "unsupportedCountries"]:
        faults.each(f"intendedAudience.{name}", audience.get(name), re.compile(r"[A-Za-z]{2}"))
    legal = faults.keys("legal.", "legal", file.get("legal"))
    faults.each("legal.license", legal.get("license"), LICENCE)
    localisation = faults.keys("localisation.", "localisation", file.get("localisation"))
    faults.each("localisation.localisationReady", localisation.get("localisationReady"), ["true", "false"])
    faults.each("localisation.availableLanguages", localisation.get("availableLanguages"), LANGUAGE)
    maintenance = faults.keys("maintenance.", "maintenance", file.get("maintenance"))
    faults.each("maintenance.type", maintenance.get("type"), MAINTENANCE)
    contacts = maintenance.get("contacts") or []
    if maintenance.get("type") in ("internal", "community") and not contacts:
        faults.append("maintenance.contacts is missing")
    for contact in contacts:
        contact = faults.keys("maintenance.contacts.", "contact", contact)
        faults.each("maintenance.contacts.email", contact.get("email"), MAIL)
    return faults


def main() -> int:
    try:
        import yaml
    except ImportError:
        print("skipped: publiccode.yml is read with PyYAML, which is not installed")
        return int(os.environ.get("FAMILYLAB_TEST_REQUIRED") == "1")
    # The base loader leaves dates, versions and truth values as they are written.
    faults = check(yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
    for fault in faults:
        print(f"publiccode.yml: {fault}", file=sys.stderr)
    print(f"publiccode.yml: {len(faults)} faults")
    if faults or not shutil.which("publiccode-parser"):
        return int(bool(faults))
    return subprocess.run(["publiccode-parser", "-no-network", FILE], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
