"""Fields and forms that take words as they were typed and show what the rules behind them say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

FILES_LOST = _l("Trình duyệt không giữ lại tệp đã chọn; xin chọn lại các tệp.")
BROKEN = "\ufffd"  # what stands where the bytes were no letter
ACCEPTED_FILES = "image/*,video/mp4,video/quicktime,.pdf,.docx,.xlsx,.odt,.ods,.heic,.mp4,.mov"


class RawField(forms.CharField):
    """Text exactly as typed; what is wrong with it is said by the rules of content, once.

    But letters that broke on the way here are refused here: only whoever typed them knows what they were.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        if BROKEN in text:
            raise ValidationError(
                _("Có chữ bị hỏng trên đường gửi, hiện là “%(broken)s”; xin viết lại chỗ đó rồi gửi.")
                % {"broken": BROKEN}
            )
        return text


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ACCEPTED_FILES})


class FilesField(forms.FileField):
    """Any number of files as a list; an empty one is refused later, with its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, allow_empty_file=True, max_length=None, widget=SeveralFiles(), **options
        )

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        return [file for file in given if file]


class SaidForm(forms.Form):
    """A form whose errors may come from the rules behind it, by field name."""

    label_suffix = ""

    def blame(self, error: ValidationError) -> None:
        """Put each sentence beside its field; what belongs to no field stands at the top."""
        told: Mapping[str, Any] = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error}
        for name, said in told.items():
            self.add_error(name if name in self.fields else None, said)

    def ask_for_files_again(self) -> None:
        """No page can give back the files that were chosen for a form which did not go through."""
        if self.files and "files" in self.fields and not self.errors.get("files"):
            self.add_error("files", FILES_LOST)

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """What one may choose in this field; of one that takes any code, in its list."""
        field: Any = self.fields[name]
        chosen_from = field if isinstance(field, forms.ChoiceField) else field.widget
        chosen_from.choices = list(choices)

    def describe(self) -> None:
        """Tie each input to its error for those who listen to the page."""
        for name in self.errors:
            if name in self.fields:
                bound = self[name]
                self.fields[name].widget.attrs["aria-describedby"] = f"{bound.id_for_label}_error"


def lines(rows: int) -> forms.Textarea:
    """A box of several lines."""
    return forms.Textarea(attrs={"rows": rows})
