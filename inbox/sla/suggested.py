"""Public holidays as the `holidays` library knows them: suggestions, which a site's own list overrules."""

from datetime import date

from inbox.domain.problems import Misconfigured
from inbox.sla.hours import Holiday

YEARS = range(2020, 2051)
"""Fixed, so that the same file gives the same version of the hours on every day that it is read."""


def suggested(place: str, where: str, years: range = YEARS) -> dict[date, Holiday]:
    """The holidays of "IR" or, with a part of the country, "DE-BY" (ISO 3166), by date, named in its own language.

    Dates that hang on the moon and are not settled yet are marked estimated. Misconfigured when the place is unknown.
    """
    import holidays  # here, for it is large, and the daemon keeps what it once made of a country

    country, _, part = place.partition("-")
    try:
        # Without a language the library takes the machine's, and the same file would mean other hours elsewhere.
        language = holidays.country_holidays(country).default_language
        listed = holidays.country_holidays(country, subdiv=part or None, years=years, language=language)
    except NotImplementedError as error:
        raise Misconfigured("sla.unknown_country", where=where, place=place) from error
    label = getattr(listed, "estimated_label", None)
    mark = listed.tr(label) if label else "%s"
    return {day: _holiday(name, mark) for day, name in sorted(listed.items())}


def _holiday(names: str, mark: str) -> Holiday:
    """One day may carry several names; an estimated one among them may still move and take the next day."""
    before, _, after = mark.partition("%s")
    each = [name.strip() for name in names.split(";")]
    shaky = [bool(before + after) and name.startswith(before) and name.endswith(after) for name in each]
    plain = [name.removeprefix(before).removesuffix(after) if s else name for name, s in zip(each, shaky, strict=True)]
    return Holiday("; ".join(plain), estimated=any(shaky))
