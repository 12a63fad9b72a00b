"""Data of real people are refused: columns that look like names, dates, record numbers, addresses or identities.

A heading is judged by its words, a cell by its form. A table of virtual people has neither, so a false alarm costs a
renamed column, and a miss could cost a person their privacy: when in doubt, a column is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adenoscope.core.errors import Problem

ALLOWED = "covariates of virtual people alone, such as age, weight or caffeine"
REMEDY = "delete the column, or draw virtual people instead; nothing of this table was kept"
FEWEST_NAMES = 0.5  # of a column's cells that look like "Ada Lovelace", as do words such as "Venlafaxine Daily"

# Words of headings, lower case, without separators; several languages, as tables come from anywhere.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "a name": (
        *(
            "name",
            "surname",
            "forename",
            "givenname",
            "firstname",
            "lastname",
            "middlename",
            "fullname",
            "maidenname",
        ),
        *("patientname", "subjectname", "initials", "vorname", "nachname", "nom", "prenom", "nombre", "apellido"),
        *("apellidos", "cognome", "姓名", "名字", "患者姓名", "氏名"),
    ),
    "a date of birth": (
        *("dob", "dateofbirth", "birthdate", "birthday", "birth", "born", "geburtsdatum", "datedenaissance"),
        *("fechadenacimiento", "fechanacimiento", "出生日期", "生日", "生年月日"),
    ),
    "a record number": (
        *("mrn", "recordnumber", "recordno", "medicalrecord", "medicalrecordnumber", "hospitalnumber", "hospitalno"),
        *("chartnumber", "casenumber", "patientid", "patientno", "patientnumber", "pid", "admissionnumber", "nhsno"),
        *("insurancenumber", "policynumber", "病历号", "住院号", "患者编号", "カルテ番号"),
    ),
    "an e-mail address": ("email", "mail", "emailaddress", "邮箱", "电子邮件"),
    "a telephone number": ("phone", "telephone", "mobile", "tel", "cell", "phonenumber", "fax", "电话", "手机"),
    "a national identity": (
        *(
            "ssn",
            "socialsecurity",
            "socialsecuritynumber",
            "nationalid",
            "nationalidentity",
            "identitynumber",
            "idcard",
        ),
        *(
            "nhs",
            "nhsnumber",
            "nino",
            "ppsn",
            "passport",
            "passportnumber",
            "drivinglicence",
            "driverslicense",
            "nif",
        ),
        *("dni", "cpf", "personnummer", "aadhaar", "身份证", "身份证号"),
    ),
    "an address": (
        *("address", "street", "streetaddress", "homeaddress", "postcode", "postalcode", "zip", "zipcode", "adresse"),
        *("direccion", "indirizzo", "strasse", "plz", "地址", "住址", "住所"),
    ),
    "an address of a device": ("ip", "ipaddress", "mac", "url"),
}
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_STREETS = "Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Close|Way|Court"
# One such cell is one person too many.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an e-mail address", re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")),
    ("a calendar date", re.compile(r"(19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?([T ].*)?")),
    ("a calendar date", re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](19|20)?\d\d")),
    ("a calendar date", re.compile(rf"\d{{1,2}}[ -]({_MONTHS})[a-z]*[ -]\d{{2,4}}", re.I)),
    ("a calendar date", re.compile(rf"({_MONTHS})[a-z]*[ -](\d{{1,2}},? )?(19|20)\d\d|\d{{1,2}}/(19|20)\d\d", re.I)),
    ("a national identity", re.compile(r"\d{3}-\d{2}-\d{4}|\d{3} \d{3} \d{4}|\d{17}[\dXx]")),
    ("a national identity", re.compile(r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]")),
    ("a telephone number", re.compile(r"\+\d[\d ()-]{7,}\d|\(\d{2,5}\)[\d -]{5,}")),
    ("a telephone number", re.compile(r"\d{3}[-.]\d{3}[-.]\d{4}|0\d{2,4}[ /-]\d{3,8}([ -]\d{2,4})?")),
    ("a record number", re.compile(r"[A-Za-z]{0,4}[-/ ]?\d{7,}")),
    ("an address", re.compile(rf"\d{{1,5}} [A-Z][\w ]* ({_STREETS})\.?,?.*")),
    ("an address", re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")),
)
_PART = "(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]+|[A-ZÀ-Þ]\\.?|von|van|de|der|den|da|del|la|bin|al)"
_NAME = re.compile(rf"{_PART}(,? {_PART}){{1,4}}|[\u4e00-\u9fff]{{2,4}}")


def personal_columns(table: Mapping[str, Sequence[str]], file: str) -> list[Problem]:
    """Return a problem for each column, cells by heading, that looks as if it were about a real person."""
    return [
        Problem(file, f"looks like {what}", ALLOWED, REMEDY, column=heading)
        for heading, cells in table.items()
        for what in _personal(heading, cells)
    ]


def _personal(heading: str, cells: Sequence[str]) -> Iterator[str]:
    """Yield the one reason, if there is any, to refuse a column."""
    what = _by_heading(heading) or _by_cells([cell.strip() for cell in cells if cell.strip()])
    if what is not None:
        yield what


def _by_heading(heading: str) -> str | None:
    # "PatientName", "patient_name" and "patient name" are one heading; its words may also stand among others.
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    words = [word for word in re.split(r"[\W_]+", apart.casefold()) if word]
    runs = {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    return next((what for what, known in _HEADINGS.items() if runs & set(known)), None)


def _by_cells(cells: Sequence[str]) -> str | None:
    for what, form in _FORMS:
        if any(form.fullmatch(cell) for cell in cells):
            return what
    if cells and sum(_NAME.fullmatch(cell) is not None for cell in cells) >= FEWEST_NAMES * len(cells):
        return "names"
    return None
