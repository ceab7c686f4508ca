"""The API's answers, as the OpenAPI document shows them. They are sent as `to_dict()` made them, not checked again."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from inkdigits.web.problems import Kind

Chance = Annotated[float, Field(ge=0, le=1)]
DigitValue = Annotated[int, Field(ge=0, le=9)]
BoxXywh = Annotated[list[int], Field(min_length=4, max_length=4, description="x, y, width, height in photo pixels")]
Rows28 = Annotated[list[list[float]], Field(min_length=28, max_length=28)]


class DigitAnswer(BaseModel):
    """One digit. With `explain=true` also the frame that the model saw and what in it spoke for the answer."""

    value: DigitValue | None = Field(description="null where it was refused")
    confidence: Chance = Field(description="the chance that `guess` is right")
    guess: DigitValue | None = Field(description="the likeliest digit, refused or not; null where there is no ink")
    reason: str = Field(description="why it was refused; empty where it was not")
    box: BoxXywh
    probabilities: Annotated[list[Chance], Field(min_length=10, max_length=10)]
    frame: Rows28 | None = Field(None, description="28 rows of 28, 0 = paper, 255 = full ink")
    heat: Rows28 | None = Field(None, description="how much each point spoke for the digit (above 0) or against it")


class MarkAnswer(BaseModel):
    """A decimal sign, a minus or another mark in a number."""

    text: str = Field(description="one of . , - + / : %, or ? where it is not sure")
    confidence: Chance = Field(description="the chance that it is right")
    box: BoxXywh


class NumberAnswer(BaseModel):
    """A number as it is written."""

    text: str = Field(description="? for a symbol that is not sure")
    confidence: Chance = Field(description="the chance that the whole text is right")
    box: BoxXywh
    symbols: list[DigitAnswer | MarkAnswer] = Field(description="digits and marks, left to right")
    digits: list[DigitAnswer] = Field(description="the digits alone")


class LineAnswer(BaseModel):
    """Numbers on one line."""

    text: str
    box: BoxXywh
    numbers: list[NumberAnswer]


class ReadingAnswer(BaseModel):
    """All numbers on a picture, in reading order."""

    text: str
    width: int
    height: int
    lines: list[LineAnswer]


class CellAnswer(BaseModel):
    """One cell of a table."""

    row: int = Field(description="from 0; of a merged cell the first one")
    column: int = Field(description="from 0; of a merged cell the first one")
    row_span: int
    column_span: int
    text: str = Field(description="the likeliest number, as it is written; empty where there is none")
    value: str | None = Field(description="what it is worth; null where that is not clear")
    confidence: Chance = Field(description="the chance that the text is right")
    status: str = Field(description="sure, unsure, empty, text (something else than a number) or checked")
    box: BoxXywh
    corners: list[list[float]] = Field(description="top left, top right, bottom right, bottom left, in photo pixels")
    notes: list[str] = Field(description="what does not fit")


class TableAnswer(BaseModel):
    """One table of a picture."""

    shape: Annotated[list[int], Field(min_length=2, max_length=2, description="rows, columns")]
    width: int
    height: int
    header_rows: int
    names: list[str] = Field(description="of the columns; empty where they have none")
    cells: list[CellAnswer] = Field(description="each once, in reading order")


class TablesAnswer(BaseModel):
    """All tables on a picture, top to bottom."""

    tables: list[TableAnswer]
    review: str | None = Field(description="the path of a page to check them on; null where none was asked for")


class Problem(BaseModel):
    """What was wrong."""

    kind: Kind = Field(description="what a program can branch on: a kind keeps its name and its status")
    message: str = Field(description="what is wrong and what to do, for people")
    request_id: str = Field(description="under which the server's log has it")


class ProblemAnswer(BaseModel):
    """Every answer that is not a success."""

    error: Problem


class FileAnswer(BaseModel):
    """One of many pictures: its digit, or what was wrong with it."""

    name: str
    digit: DigitAnswer | None
    error: Problem | None


class DigitsAnswer(BaseModel):
    """Many pictures, in the order in which they were sent."""

    pictures: list[FileAnswer]


class ModelAnswer(BaseModel):
    """A model that this server has loaded."""

    name: str
    version: str
    threshold: Chance = Field(description="the confidence below which a digit is refused")
    temperature: float
    commit: str = Field(description="of the code that trained it; empty where unknown")
    misses: int = Field(description="wrong answers on the 10,000 pictures of the MNIST test set; -1: not measured")
    frames: str


class ModelsAnswer(BaseModel):
    """The models of this server."""

    models: list[ModelAnswer]


class StateAnswer(BaseModel):
    """Whether the server lives, or is ready."""

    status: str


class CorrectionAnswer(BaseModel):
    """A wrong answer that was put right."""

    id: int
    time: str = Field(description="UTC, ISO 8601")
    model: str
    answer: DigitValue | None = Field(description="what the model said; null where it was not sure")
    correction: DigitValue


class CorrectionsAnswer(BaseModel):
    """The newest corrections first."""

    enabled: bool = Field(description="whether the server keeps corrections")
    file: str | None = Field(description="the name of the file that keeps them, on the server")
    count: int
    corrections: list[CorrectionAnswer]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an endpoint, for its OpenAPI entry: those named, and those that any endpoint may give."""
    return {status: {"model": ProblemAnswer} for status in (400, 401, 421, *statuses)}
