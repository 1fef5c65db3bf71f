"""What a lesson's file holds, as frozen values that check themselves."""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from lib.config import Layer, ModelConfig, RunConfig, first_problem
from lib.datasets.catalogue import info
from lib.lessons.conditions import AnyCondition
from lib.lessons.controls import Control
from lib.models import list_presets, preset

Language = Literal["en", "de", "es", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
# Numbers that pages show and that a question may ask for.
Figure = Literal["parameters", "multiply_adds", "iterations", "duration", "per_class", "vector", "recorded"]
_ASKED: dict[str, Figure] = {"accuracy": "recorded", "start_accuracy": "recorded"}  # where the answer has another name
Level = Literal["school", "university"]
Page = Literal["start", "data", "train", "look_inside", "classify", "diagnose", "compare", "learn", "labs"]
# Numbers of the step's own set-up that every text may quote, `{pictures}`.
SETUP_NUMBERS = ("data", "pictures", "classes", "batch", "iterations", "parameters", "guess", "rate", "epochs")

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_200)]
_Number = Annotated[float, Field(ge=-1e12, le=1e12)]  # what a field in a browser can hold
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Text(_Part):
    """The same words in several languages; `{names}` in braces stand for numbers of the set-up or the run."""

    en: _Words
    de: _Words
    es: _Words | None = None  # a teacher's own lesson may do without
    fr: _Words | None = None

    def said(self, language: str) -> str:
        """The words in `language`, in English where there are none."""
        words: str | None = getattr(self, language) if language in LANGUAGES else None
        return words or self.en

    def names(self) -> set[str]:
        """What stands in braces, in any language; ValueError for braces that are not closed."""
        there = [words for language in LANGUAGES if (words := getattr(self, language))]
        parts = [part for words in there for part in Formatter().parse(words)]
        if any(how or change for _, _, how, change in parts):
            raise ValueError("only the name of a number may stand in braces")
        return {name for _, name, _, _ in parts if name is not None}

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> "Text":
        self.names()
        return self


class Setup(_Part):
    """A preset, with what is different here."""

    preset: str
    layers: Annotated[tuple[Layer, ...], Field(max_length=24)] | None = None
    data: dict[str, Any] = Field(default_factory=dict)
    train: dict[str, Any] = Field(default_factory=dict)

    def config(self, data_name: str) -> RunConfig:
        """The whole set-up on the pictures of `data_name`. ValueError if it makes no sense."""
        chosen = preset(self.preset)
        values = chosen.model_dump()
        values["data"] |= {"name": data_name} | self.data
        values["train"] |= self.train
        if self.layers is not None:
            values["model"] = ModelConfig(layers=self.layers).model_dump()
        return RunConfig.model_validate(values)

    @field_validator("preset")
    @classmethod
    def _is_a_preset(cls, name: str) -> str:
        if name not in list_presets():
            raise ValueError(f"there is no preset “{name}”; there are {', '.join(list_presets())}")
        return name

    @field_validator("data", "train")
    @classmethod
    def _makes_sense(cls, changes: dict[str, Any], where: Any) -> dict[str, Any]:
        if "name" in changes:
            raise ValueError("the pictures are chosen by the lesson's own “data”")
        whole = RunConfig().model_dump()
        try:
            RunConfig.model_validate(whole | {where.field_name: whole[where.field_name] | changes})
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{first['loc'][-1]}: {first['msg']}") from None
        return changes


class Choice(_Part):
    """One possible answer; `right` says when it is: always, never, or when the run shows it."""

    text: Text
    right: bool | AnyCondition = False


class Choose(_Part):
    """A question with two to five answers."""

    question: Text
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=5)]

    @model_validator(mode="after")
    def _has_a_right_answer(self) -> "Choose":
        if not any(choice.right for choice in self.choices):
            raise ValueError("no answer is right")
        return self


class Estimate(_Part):
    """A question for a number: one that is fixed, or one that the set-up or the run will show."""

    question: Text
    answer: _Number | Literal["accuracy", "start_accuracy", "iterations", "parameters", "per_class"]
    tolerance: Annotated[float, Field(ge=0.0)] = 0.0
    unit: Literal["number", "percent"] = "number"  # per cent are typed as 0..100 and compared as 0..1
    lowest: _Number = 0.0
    highest: _Number = 1_000_000.0

    @property
    def needs_run(self) -> bool:
        """True if only a run can tell."""
        return self.answer in ("accuracy", "start_accuracy")

    @model_validator(mode="after")
    def _leaves_a_choice(self) -> "Estimate":
        if self.lowest >= (100 if self.unit == "percent" else self.highest):
            raise ValueError("the lowest number is not below the highest")
        return self


class Check(_Part):
    """What the run should show, and what is said when it does and when it does not."""

    condition: AnyCondition
    holds: Text
    otherwise: Text


class Step(_Part):
    """One screen of a lesson: where it plays, what is set up there, a question, a run, a check, an explanation."""

    id: _Name
    page: Page
    view: str | None = None  # of the page's views, as its address says it
    title: Text
    text: Text
    setup: Setup | None = None
    show: tuple[Control, ...] | None = None  # the controls that are seen; None: all
    predict: Choose | Estimate | None = None
    withhold: tuple[Figure, ...] = ()  # what the pages keep to themselves until the guess is made, beside what is asked
    run: bool = False  # the step has a run of its own
    run_of: _Name | None = None  # ... or reads an earlier step's
    check: Check | None = None
    explain: Text

    def conditions(self) -> Iterator[Any]:
        """Every question that is asked of the run."""
        if self.check:
            yield self.check.condition
        if isinstance(self.predict, Choose):
            yield from (choice.right for choice in self.predict.choices if not isinstance(choice.right, bool))

    @property
    def withheld(self) -> frozenset[Figure]:
        """The figures that would answer the question, and those that the file names; nothing without a question."""
        if self.predict is None:
            return frozenset()
        asked = self.predict.answer if isinstance(self.predict, Estimate) else None
        answer = _ASKED.get(str(asked), asked)
        return frozenset(self.withhold) | frozenset(each for each in get_args(Figure) if each == answer)

    @property
    def has_run(self) -> bool:
        """True if there is a run to read."""
        return self.run or self.run_of is not None

    @model_validator(mode="after")
    def _hangs_together(self) -> "Step":
        if self.run and self.setup is None:
            raise ValueError("a step with a run needs a set-up")
        if self.run and self.run_of:
            raise ValueError("a step has a run of its own or reads an earlier one, not both")
        asks = any(True for _ in self.conditions()) or (isinstance(self.predict, Estimate) and self.predict.needs_run)
        if asks and not self.has_run:
            raise ValueError("what asks a run needs “run: true” or “run_of”")
        if (self.show is not None or self.setup is not None) and self.page not in ("train", "data"):
            raise ValueError("a set-up and its controls are seen on the pages train and data")
        self._check_names()
        return self

    def _check_names(self) -> None:
        """Only numbers that are known may stand in a text."""
        setup = SETUP_NUMBERS if self.setup else ("data", "classes", "guess")
        checked = self.check.condition.numbers if self.check else ()
        texts: list[tuple[Text, tuple[str, ...]]] = [(self.title, setup), (self.text, setup)]
        texts += [(self.explain, (*setup, *checked))]
        if self.predict:
            texts += [(self.predict.question, setup)]
        if isinstance(self.predict, Choose):
            texts += [(choice.text, setup) for choice in self.predict.choices]
        if self.check:
            texts += [(self.check.holds, (*setup, *checked)), (self.check.otherwise, (*setup, *checked))]
        for text, known in texts:
            if unknown := text.names() - set(known):
                raise ValueError(f"there is no number {{{min(unknown)}}} here; there are {', '.join(known)}")


class Lesson(_Part):
    """A few steps, each of which can be done or seen."""

    title: Text
    about: Text
    minutes: Annotated[int, Field(ge=1, le=90)]
    level: Level = "school"  # for whom it is
    needs: Text | None = None  # what one should have seen before
    data: Annotated[
        tuple[str, ...], Field(min_length=1, max_length=20)
    ]  # the first one that is on this machine is used
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=12)]

    def data_here(self, available: Mapping[str, bool]) -> str:
        """The first of the lesson's data sets that can be loaded; the last one if none can."""
        return next((name for name in self.data if available.get(name)), self.data[-1])

    @field_validator("data")
    @classmethod
    def _are_data_sets(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not info(names[-1]).offline:
            raise ValueError(f"the last one must always be there, and {names[-1]} has to be downloaded")
        for name in names:
            info(name)
        return names

    @model_validator(mode="after")
    def _set_ups_make_sense(self) -> "Lesson":
        for number, step in enumerate(self.steps, 1):
            for name in self.data:
                try:
                    _ = step.setup and step.setup.config(name)
                except ValidationError as error:
                    raise ValueError(f"step {number}: its set-up on {name}: {first_problem(error)}") from None
        return self

    @model_validator(mode="after")
    def _steps_refer_to_earlier_runs(self) -> "Lesson":
        with_runs: set[str] = set()
        seen: set[str] = set()
        for number, step in enumerate(self.steps, 1):
            if step.id in seen:
                raise ValueError(f"step {number}: there is an earlier step “{step.id}”")
            wanted = {step.run_of} | {getattr(condition, "step", None) for condition in step.conditions()}
            if unknown := wanted - with_runs - {None}:
                raise ValueError(f"step {number}: no earlier step “{min(map(str, unknown))}” has a run")
            seen.add(step.id)
            with_runs |= {step.id} if step.run else set()
        return self
