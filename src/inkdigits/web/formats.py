"""What a number may look like, as the parameters of a request say it."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from inkdigits.formats import MAX_DIGITS, Format

# A hospital has no more rooms; and what is looked up for each number stays small.
MAX_CHOICES = 1000
COUNT = r"^[0-9]{1,2}(:[0-9]{1,2})?$"
LIMIT = r"^-?[0-9]{1,20}([.][0-9]{1,20})?$"

Text = Annotated[str, Field(min_length=1, max_length=MAX_DIGITS)]


async def format_of(
    digits: Annotated[str | None, Query(pattern=COUNT, description="how many digits it has: `4`, or `1:3`")] = None,
    decimals: Annotated[str | None, Query(pattern=COUNT, description="how many of them are decimals")] = None,
    sign: Annotated[bool, Query(description="a plus or a minus may stand before it")] = False,
    minimum: Annotated[str | None, Query(pattern=LIMIT, description="the least value")] = None,
    maximum: Annotated[str | None, Query(pattern=LIMIT, description="the greatest value")] = None,
    pattern: Annotated[Text | None, Query(description="`#` for each digit: `##/##/####`")] = None,
    choices: Annotated[list[Text] | None, Query(max_length=MAX_CHOICES, description="all that can stand there")] = None,
    check: Annotated[
        Literal["luhn", "isbn", "ean", "mod11", "iban"] | None, Query(description="it ends in a check digit")
    ] = None,
) -> Format | None:
    """The format that the query parameters describe; None where they describe none.

    Raises:
        FormatError: they contradict each other, or no number fits.
    """
    if not (sign or any(value is not None for value in (digits, decimals, minimum, maximum, pattern, choices, check))):
        return None
    return Format(digits, decimals, sign, minimum, maximum, pattern, choices, check)
