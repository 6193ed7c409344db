"""A letter is read for what it says, whatever mailer or mischief wrote it; nothing of it ever raises."""

from __future__ import annotations

import base64
import re
import time
import unicodedata
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.letters import words
from feedback.letters.reading import Letter, UnreadableError, read
from tests.letters import HOUSE, SENDER, WORDS, answer, bounce, letter

HEAD = f"From: <{SENDER}>\nMessage-ID: <1@example.vn>\n"


def of(written: EmailMessage | bytes | str) -> Letter:
    if isinstance(written, str):
        written = written.encode()
    return read(written if isinstance(written, bytes) else written.as_bytes())


# --- who ------------------------------------------------------------------------------------------------


def test_name_and_address_of_its_sender() -> None:
    told = of(letter())
    assert (told.sender, told.address) == ("Nguyễn Thị Bưởi", SENDER)
    assert not told.by_machine


@pytest.mark.parametrize(
    "senders",
    [
        "",
        "From: \n",
        "From: not an address\n",
        "From: a@example.vn, b@example.vn\n",
        "From: a@example.vn\nFrom: b@example.vn\n",
        "From: undisclosed-recipients:;\n",
    ],
)
def test_none_or_several_senders_are_nobody(senders: str) -> None:
    assert of(f"{senders}Subject: x\n\nHello").address == ""


def test_a_name_without_what_is_not_seen() -> None:
    name = of(
        "From: =?utf-8?b?"
        + base64.b64encode("B\x00ư\x1bởi\r\nX: 1".encode()).decode()
        + f"?= <{SENDER}>\n\nx"
    )
    assert name.sender.isprintable()
    assert of(f"From: {SENDER} <{SENDER}>\n\nx").sender == ""


def test_headers_in_raw_utf8_are_read() -> None:
    told = of(f"From: Nguyễn Bưởi <{SENDER}>\nSubject: Đèn hỏng\n\nx")
    assert (told.sender, told.subject) == ("Nguyễn Bưởi", "Đèn hỏng")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Return-Path: <>",
    ],
)
def test_what_a_machine_wrote(header: str) -> None:
    assert of(f"{header}\n{HEAD}\nTôi đang nghỉ phép.").by_machine


@pytest.mark.parametrize(
    "header", ["Precedence: list", "List-Id: <tin.example.vn>", "X-Auto-Response-Suppress: All"]
)
def test_what_a_person_may_have_written_through_a_machine(header: str) -> None:
    told = of(f"{header}\n{HEAD}\nĐèn hỏng.")
    assert (told.by_machine, told.unsure) == (False, True)
    assert not of(f"{HEAD}\nĐèn hỏng.").unsure


def test_a_mailer_daemon_is_a_machine_and_a_person_who_says_no_is_none() -> None:
    assert of("From: MAILER-DAEMON@mx.vn\n\nx").by_machine
    assert not of(f"Auto-Submitted: no\nReturn-Path: <{SENDER}>\n{HEAD}\nx").by_machine


# --- words ----------------------------------------------------------------------------------------------


def test_plain_words_go_before_the_same_in_html() -> None:
    assert of(letter("Chữ thường", html="<p>Chữ đậm</p>")).words == "Chữ thường"
    assert of(letter(" ", html="<p>Chữ đậm</p>")).words == "Chữ đậm"


HTML = """<html><head><title>thừa</title><style>p {}</style></head><body><!-- thừa -->
<p>Đèn   đường<br>hỏng &amp; tối</p><script>thừa()</script><p style="Display : none">thừa</p>
<span hidden>thừa</span><div>ở 12 <b>Lê Lợi</b></div><div><br></div><div>Cảm ơn</div>
<ul><li>một</li><li>hai</li></ul><table><tr><td>A</td><td>B</td></tr></table></body></html>"""


def test_html_as_a_reader_sees_it() -> None:
    told = words.of_html(HTML, marks_quotes=False)
    assert told == ("Đèn đường\nhỏng & tối\n\nở 12 Lê Lợi\n\nCảm ơn\n\n- một\n- hai\n\nA B")


@pytest.mark.parametrize("html", ["", "<", "<div>" * 100_000, '<?xml version="1.0" encoding="x"?><p>a'])
def test_html_that_is_none_says_little_and_breaks_nothing(html: str) -> None:
    assert words.of_html(html, marks_quotes=True) in ("", "a", "<")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1258", "UTF8"])
def test_words_in_the_letters_of_its_charset(charset: str) -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", "phường") if charset == "windows-1258" else "phường Hải Châu"
    kept = "ph\u01b0\u01a1\u0300ng" if charset == "windows-1258" else text
    raw = f"{HEAD}Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode()
    assert of(raw + base64.b64encode(kept.encode(charset))).words == kept


@pytest.mark.parametrize(
    "charset", ["us-ascii", "iso-8859-1", "tcvn-5712", "idna", "rot13", "x" * 500, "utf-7", "\u0111"]
)
def test_a_charset_that_is_none_or_lies_loses_no_utf8(charset: str) -> None:
    raw = f'{HEAD}Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: 8bit\n\nĐèn hỏng'
    assert of(raw).words == "Đèn hỏng"


def test_a_lone_half_of_a_letter_and_nul_are_nowhere() -> None:
    raw = f"{HEAD}Content-Type: text/plain; charset=utf-7\n\na+2AA-b\x00c"
    assert of(raw).words.encode() == "a\ufffdbc".encode()


def test_broken_base64_is_read_as_far_as_it_goes() -> None:
    good = base64.b64encode(WORDS.encode()).decode()
    head = f"{HEAD}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    assert of(f"{head}{good[:40]}!*{good[40:]}=").words.startswith("Gạch vỉa hè")


def test_lines_that_a_mailer_broke_are_whole() -> None:
    raw = f"{HEAD}Content-Type: text/plain; charset=utf-8; format=flowed\n\nĐèn đường \ntrước nhà\nhỏng."
    assert of(raw).words == "Đèn đường trước nhà\nhỏng."


@pytest.mark.parametrize(
    ("subject", "text", "whole"),
    [
        ("Đèn hỏng", "Ở 12 Lê Lợi.", "Đèn hỏng\n\nỞ 12 Lê Lợi."),
        ("ĐÈN HỎNG", "Đèn hỏng! Ở 12 Lê Lợi.", "Đèn hỏng! Ở 12 Lê Lợi."),
        ("Fwd: Re: ", "Ở 12 Lê Lợi.", "Ở 12 Lê Lợi."),
        ("Fwd: Đèn hỏng", "Ở 12 Lê Lợi.", "Đèn hỏng\n\nỞ 12 Lê Lợi."),
        ("(no subject)", "Ở 12 Lê Lợi.", "Ở 12 Lê Lợi."),
        ("Đèn hỏng ở 12 Lê Lợi", "", "Đèn hỏng ở 12 Lê Lợi"),
    ],
)
def test_the_subject_is_its_first_line_where_it_says_something(subject: str, text: str, whole: str) -> None:
    assert of(letter(text, Subject=subject)).said == whole


def test_a_letter_that_was_passed_on_whole_is_read_where_the_outer_says_nothing() -> None:
    outer = EmailMessage()
    outer["From"] = SENDER
    outer.add_attachment(letter(WORDS))
    assert of(outer).words == WORDS
    said = letter("Xin xem thư kèm")
    said.add_attachment(letter(WORDS))
    told = of(said)
    assert told.words == "Xin xem thư kèm"
    assert [file.media_type for file in told.files] == ["message/rfc822"]


def test_a_receipt_that_somebody_passes_on_opens_nothing() -> None:
    told = of(
        letter(
            "Mã bí mật: ACDEFGHJ\nhttps://x.vn/tra-cuu/?code=123&secret=ACDEFGHJ", Subject="secret=ACDEFGHJ"
        )
    )
    assert "ACDEFGHJ" not in told.said + told.marked
    assert "Mã bí mật: …" in told.words


@pytest.mark.parametrize(
    "told",
    [
        "https://x.safelinks.example/?url=https%3A%2F%2Fx.vn%2F%3Fcode%3D1%26secret%3DMMEJ7AGW&data=05",
        "https://x.example/?u=secret%253DMMEJ7AGW",
        unicodedata.normalize("NFD", "Mã bí mật: MMEJ7AGW"),
        unicodedata.normalize("NFD", "mã bí mật mmej7agw"),
        "*Mã bí mật:* MMEJ7AGW",
        "Mã bí mật： MMEJ7AGW",
        "Mã bí mật mmej7agw",
        "> Mã bí mật:\n> MMEJ7AGW",
        "Mã bí mật của tôi là MMEJ-7AGW",
        "Ma bi mat MMEJ 7AGW.",
        "Mã bí mật của tôi là mmej7agw",
        "Mã bí mật của tôi là MMEJAGWK",
        "mã bí mật của tôi là mmejagwk",
        "Mã bí mật (giữ kín): MMEJAGWK",
        "Secret code: MMEJAGWK",
        "The secret code is mmejagwk.",
        "> Mã bí\n> mật: MMEJAGWK",
        "Secret code: MMEJ AGWK",
        "SECRET CODE\nMMEJ AGWK",
        "Secret code: mm4j-7agw",
        "mã bí mật của em ạ: MMEJ AGWK",
        "mã bí mật của em ạ: mm4j 7agw",
        "Mã bí mật MMEJ\N{NO-BREAK SPACE}AGWK",
        "Mã bí mật MMEJ\N{EN DASH}AGWK",
        "Mật mã: MMEJAGWK",
        "mã bảo mật là mmej7agw",
        "secret code attached mmejagwk",
    ],
)
def test_a_secret_is_hidden_however_a_mailer_wrote_it(told: str) -> None:
    read = of(letter(f"Xin xem giúp.\n{told}\nCảm ơn, 4463 7946 3374."))
    hidden = (read.said + read.marked).upper()
    assert not any(part in hidden for part in ("MMEJ", "MM4J", "AGW"))
    assert read.words.endswith("Cảm ơn, 4463 7946 3374.")


def test_words_about_a_secret_are_kept() -> None:
    for said in (
        "Mã bí mật của tôi mất rồi, xin cấp lại. Điện thoại 3974 4663, xe 43A-123.45, KHU TDP 4.",
        "Xin giữ bí mật tên tôi. Người nhận tiền là ông PHAN DANH TRUNG, xe 43A67479.",
        "Kept secret in exchange for a payment. Mã bí mật này ông PHAN DANH biết.",
        "Mã bí mật: tôi chưa nhận được. Hỏi bà TRAN MANH, thư ký (secretary) HGTT, nhà 43K4-3796.",
        "I lost my secret code\nthat week. Secret code: that page has none. Mật mã: chưa có. Hỏi MANH.",
        "Mất mã bí mật rồi, xin gọi ngay 3974 4663. Mã bí mật: 3974 4663 thì không phải.",
    ):
        assert of(letter(said)).words == said


@pytest.mark.long
def test_a_picture_within_the_html_is_a_file_and_costs_no_words_behind_it() -> None:
    content = b"\x89PNG" + b"x" * 2_000_000
    told = (
        f'<p>Đèn tắt:</p><img src="data:image/png;base64,{base64.b64encode(content).decode()}"><p>ở số 12</p>'
    )
    read = of(letter("", html=told))
    assert (read.words, read.is_cut) == ("Đèn tắt:\n\nở số 12", False)
    assert [(file.content == content, file.media_type) for file in read.files] == [(True, "image/png")]
    logo = '<p>Đèn tắt.</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
    assert of(letter("", html=logo)).files == ()
    assert of(letter("", html="<p>Đèn tắt.</p>" + "<p> </p>" * 300_000 + "ở số 12")).is_cut


@pytest.mark.parametrize("size", [20_000, 20_001, 20_002])
def test_a_picture_whose_base64_is_not_filled_up_is_kept(size: int) -> None:
    content = b"\x89PNG".ljust(size, b"x")
    unfilled = base64.b64encode(content).decode().rstrip("=")
    (file,) = of(letter("", html=f'<p>Đèn tắt</p><img src="data:image/png;base64,{unfilled}">')).files
    assert file.content == content


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (
            "<html><body><div>[EXTERNAL]</div></body></html>\n<html><head><title>x</title></head><body>"
            "<p>Đèn tắt.</p></body></html>",
            "[EXTERNAL]\n\nĐèn tắt.",
        ),
        ("<html><body></body></HTML ><p>Đèn tắt.</p>", "Đèn tắt."),
        ('<td style="font-size:0px">x<div style="font-size:13px">Đèn <b>tắt</b>.</div>y</td>', "Đèn tắt."),
        ('<div style="font-size: 0"><b>x</b><i style="font-size:120%">y</i><hr></div>Đèn tắt.', "Đèn tắt."),
        ('<p style="font-size:0.9em">Đèn tắt.</p><p style="font-size:0;line-height:0">x</p>', "Đèn tắt."),
        ('<p style="mso-ansi-font-size:0pt">Đèn</p><p hidden style="font-size:0">x</p>tắt.', "Đèn\n\ntắt."),
        ('<div style="font-size:0"><table><tr><td>Đèn tắt.</td></tr></table></div>', "Đèn tắt."),
    ],
)
def test_of_html_all_that_a_reader_sees_is_read(html: str, said: str) -> None:
    assert of(letter("", html=html)).words == said


def test_words_deep_in_the_html_are_read() -> None:
    html = f"{'<div>' * 300}Đèn tắt{'</div>' * 300}<p>ở số 12</p>"
    assert of(letter("", html=html)).words == "Đèn tắt\n\nở số 12"


def test_what_stands_too_deep_to_be_read_is_looked_at_by_a_person() -> None:
    deep = [f"<p>Đèn tắt</p>{'<div>' * depth}ở số 12{'</div>' * depth}" for depth in (1_000, 3_000)]
    deep.append("<p>Đèn tắt</p>" + "<div>" * 2_047 + "ở số 12")  # the parser itself puts two around it
    assert [of(letter("", html=html)).is_cut for html in deep] == [False, True, True]


def test_where_a_link_leads_is_told_where_its_words_do_not() -> None:
    html = '<p><a href="https://anh.example/1">ảnh ở đây</a>, <a href="https://a.example">https://a.example</a></p>'
    html += '<a href="mailto:a@b.vn">thư</a> <a href="javascript:x()">x</a>'
    assert of(letter("", html=html)).words == (
        "ảnh ở đây (https://anh.example/1), https://a.example\n\nthư x"
    )


def test_a_link_without_end_is_told_as_far_as_it_says_where_it_leads() -> None:
    html = f'<a href="https://anh.example/1?{"x" * 600}">ảnh ở đây</a> phố Lê Lợi'
    told = of(letter("", html=html)).words
    assert re.fullmatch(r"ảnh ở đây \(https://anh\.example/1\?x{400,500}…\) phố Lê Lợi", told)


def test_blanks_that_only_mark_a_broken_line_go_with_it() -> None:
    head = f"{HEAD}Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n"
    assert (
        of(f"{head}Content-Transfer-Encoding: 8bit\n\nsố 12  \nLê Lợi \n\nHết").words == "số 12 Lê Lợi\nHết"
    )


# --- what is quoted -------------------------------------------------------------------------------------

OURS = words.Ours(
    [
        "Cần bạn bổ sung: 1234\nỞ đâu?\n"
        "Xin mở trang theo dõi bằng mã tra cứu và mã bí mật để trả lời câu hỏi này.\nMã bí mật: …"
    ],
    ["Hồi Âm"],
    ["phananh@b.vn", "a@b.vn", "p@d.vn"],
)
QUOTED = {
    "gmail": "Dạ, số 12.\n\nVào Th 2, 30 thg 11, lúc 14:30 Hồi Âm <a@b.vn> đã viết:\n\n> Ở đâu?\n>\n> Xin",
    "gmail, broken": "Dạ, số 12.\n\nVào Th 2, 30 thg 11, 2026 lúc 14:30 Hồi Âm\n<a@b.vn> đã viết:\n> Ở đâu?",
    "apple": "Dạ, số 12.\n\nOn 30 Nov 2026, at 14:30, Hồi Âm <a@b.vn> wrote:\n\n> Ở đâu?",
    "a point in its time": "Dạ, số 12.\n\nVào T2 lúc 10.00 Hồi Âm <p@d.vn> đã viết:\nỞ đâu?",
    "outlook": "Dạ, số 12.\n\nTừ: Hồi Âm <a@b.vn>\nĐã gửi: Thứ Hai\nTới: Bưởi\nChủ đề: Hỏi\n\nỞ đâu?",
    "outlook, rule": "Dạ, số 12.\n\n________________________________\nFrom: Hồi Âm\nSent: Monday\n\nỞ đâu?",
    "zimbra": "Dạ, số 12.\n\nTừ: Hồi Âm <a@b.vn>\nTới: Bưởi\nTiêu đề: Hỏi\n\nỞ đâu?",
    "forwarded": "Dạ, số 12.\n---------- Forwarded message ---------\nFrom: Hồi Âm\nTo: B\n\nỞ đâu?",
    "original": "Dạ, số 12.\n-----Original Message-----\nFrom: phananh@b.vn\n\nỞ đâu?",
    "below": "> Ở đâu?\n\nDạ, số 12.",
    "broken lines": "Dạ, số 12.\n> Xin mở trang theo dõi bằng\n> mã tra cứu và mã bí mật để\n> trả lời",
    "unmarked": "Dạ, số 12.\nXin mở trang theo dõi bằng mã tra cứu và mã bí mật để trả lời câu hỏi này.",
    "with its secret": "Dạ, số 12.\n> Mã bí mật: ACDEFGHJ",
    "other letters with accents": unicodedata.normalize("NFD", "Dạ, số 12.\n\n> Ở đâu?"),
}


@pytest.mark.parametrize("mailer", QUOTED)
def test_what_is_quoted_is_no_answer(mailer: str) -> None:
    told = of(letter(QUOTED[mailer]))
    assert unicodedata.normalize("NFC", told.beyond(OURS)) == "Dạ, số 12."
    assert len(told.words) > len("Dạ, số 12.")


def test_answers_between_the_lines_are_kept() -> None:
    text = (
        "Vào 14:30 Th 2, 30 thg 11 2026, Hồi Âm <a@b.vn> đã viết:\n> Ở đâu?\nSố 12.\n"
        "> Mã bí mật: MMEJ7AGW\nHôm qua."
    )
    assert of(letter(text)).beyond(OURS) == "Số 12.\nHôm qua."
    html = "<div>Vào 14:30, Hồi Âm đã viết:</div><blockquote><p>Ở đâu?</p></blockquote><p>Số 12.</p>"
    assert of(letter("", html=html)).beyond(OURS) == "Số 12."
    outlook = "Từ: Hồi Âm\nĐã gửi: Thứ Hai\nTới: Bưởi\n\nỞ đâu?\nSố 12.\nMã bí mật: MMEJ7AGW\nHôm qua."
    assert of(letter(outlook)).beyond(OURS) == "Số 12.\nHôm qua."


@pytest.mark.parametrize(
    "text",
    [
        "Vào ngày 12/3 tôi đã viết:\nxin sửa đường, chưa ai trả lời.",
        "Từ: ngã ba Huế\nđến ngã tư đều ngập.",
        "Từ: đầu hẻm\nĐến: cuối hẻm\nNgày: 5/11\nbà Năm gãy tay",
        "Lúc 7 giờ sáng, chị Ba viết:\nnước lên tới đầu gối.",
        "Lúc 10:00 ngày 5/11 ông Tư tổ trưởng nhắn tin và viết:\n“Không sửa đâu”.\nBà Năm ngã.",
        "Lúc 10:00 ngày 5/11 Hồi Âm đã viết:\n“Không sửa đâu”.\nBà Năm ngã.",
        "Việc một: số 12.\n--\nViệc hai: bà Năm gãy tay.",
        "Số 12.\n____________\nBà Năm gãy tay.",
        "Số 14.\n> 3 tháng chưa sửa, bà Năm gãy tay",
        "Bản gốc:\n-----Original Message-----\nBà Năm gãy tay.",
        "Mã bí mật để trả lời câu hỏi này\nlà gì?",
        "Ở đâu?",
        "Dạ, số 12.\n--\nBưởi, Công ty X",
    ],
)
def test_what_only_looks_quoted_is_kept(text: str) -> None:
    assert of(letter(text)).beyond(OURS) == text


def test_an_indented_paragraph_is_kept() -> None:
    html = "<p>Số 12</p><blockquote style='margin-left:40px'>Bà Năm gãy tay</blockquote>"
    assert "Bà Năm gãy tay" in of(letter("", html=html)).beyond(OURS)


# --- files ----------------------------------------------------------------------------------------------


def test_files_with_their_names_and_no_logo_and_no_signature() -> None:
    written = letter(
        files=[
            ("ảnh số 1.png", b"x" * 20_000, "image/png"),
            ("smime.p7s", b"x", "application/pkcs7-signature"),
        ]
    )
    logo = EmailMessage()
    logo.set_content(b"x" * 900, maintype="image", subtype="png", disposition="inline", cid="<logo@x>")
    written.attach(logo)
    assert [(file.name, len(file.content)) for file in of(written).files] == [("ảnh số 1.png", 20_000)]


def test_a_text_that_is_enclosed_is_a_file_and_no_words() -> None:
    told = of(letter("Xem tệp", files=[("ghi.txt", b"noi dung", "text/plain")]))
    assert (told.words, [file.name for file in told.files]) == ("Xem tệp", ["ghi.txt"])


# --- which letter it answers, and what came back ----------------------------------------------------------


def test_the_letters_it_answers_the_latest_first() -> None:
    told = of(f"{HEAD}In-Reply-To: xin chao <c@x>\nReferences: <a@x> <b@x>\n\t<c@x>\n\nx")
    assert told.answers == ("<c@x>", "<c@x>", "<b@x>", "<a@x>")


def test_a_letter_has_a_name_whether_it_has_a_message_id_or_not() -> None:
    assert of(f"{HEAD}\nx").name == "<1@example.vn>"
    assert (
        of(f"From: {SENDER}\n\nx").name == of(f"From: {SENDER}\n\nx").name != of(f"From: {SENDER}\n\ny").name
    )


def test_what_a_report_says() -> None:
    report = of(bounce("<a@hoiam>", "5.1.1")).report
    assert report is not None
    assert (report.letters, report.codes) == (("<a@hoiam>",), ("5.1.1",))
    delayed = of(bounce("<a@hoiam>", "4.4.1", action="delayed")).report
    assert delayed is not None
    assert delayed.codes == ()
    assert of(answer(letter(), "x")).report is None


# --- mischief -------------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"{HEAD}{opened}Content-Type: text/plain\n\nsâu".encode()


@pytest.mark.long
@pytest.mark.parametrize(
    "raw",
    [
        nested(1_000),
        b"From: a@b.vn\nSubject: " + b"x" * 1_000_000 + b"\n\nx",
        b"X: y\n" * 100_000 + b"\nx",
        b"From: a@b.vn\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n\n" * 50_000,
        b"From: a@b.vn\n\n" + b"\n" * 700_000,
    ],
    ids=["nested", "header", "headers", "parts", "lines"],
)
def test_what_no_person_writes_is_not_read(raw: bytes) -> None:
    began = time.process_time()
    with pytest.raises(UnreadableError):
        read(raw)
    assert time.process_time() - began < 5


def test_a_letter_as_deep_as_letters_are() -> None:
    assert of(nested(20)).words == "sâu"


@pytest.mark.parametrize(
    "name", ["From", "To", "Subject", "References", "Content-Type", "Content-Disposition"]
)
def test_a_header_that_would_take_minutes_is_cut(name: str) -> None:
    evil = {"From": "a@b.vn, ", "Content-Type": "text/plain; a*0=x; a*1=y", "To": "("}.get(
        name, "=?utf-8?q?a?= <a@b> "
    )
    began = time.process_time()
    read(f"{name}: {(evil * 60_000)[:60_000]}\n\nx".encode())
    assert time.process_time() - began < 3


LONG = {
    "blocks": ("text/html", "<div></div>"),
    "cells": ("text/html", "<td>"),
    "breaks": ("text/html", "<br> <div> "),
    "quotes": ("text/html", "<blockquote>x"),
    "flowed": ("text/plain; format=flowed", "a \n"),
    "blanks": ("text/plain", "on 1:11 \n"),
    "one line": ("text/plain", "vào 1:11 viết"),
    "secrets": ("text/plain", "Mã bí mật: "),
}


@pytest.mark.long
@pytest.mark.parametrize("what", LONG)
def test_a_long_letter_costs_as_much_as_it_is_long(what: str) -> None:
    kind, piece = LONG[what]
    raw = f"{HEAD}Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{piece * 150_000}"
    began = time.process_time()
    read(raw.encode())
    assert time.process_time() - began < 4


@pytest.mark.long
@given(
    st.binary(max_size=400),
    st.sampled_from(["", HEAD, f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n"]),
)
def test_no_bytes_raise_but_what_is_unreadable(raw: bytes, head: str) -> None:
    told = read(head.encode() + raw)
    for text in (told.said, told.beyond(OURS), told.sender, told.address, told.subject):
        text.encode()
        assert "\x00" not in text


def test_the_house_of_the_tests_is_an_address() -> None:
    assert of(letter(From=HOUSE)).address == HOUSE


@pytest.mark.parametrize(
    "said",
    [
        "Số 12.\nNgày 5/11 lúc 7 giờ ông Tư đổ rác, bà Năm ngã gãy tay.",
        "Số 12.\n\nVào buổi tối thì không có đèn.",
        "Ngày 5/11.",
        "Lúc 10:00 ngày 5/11 tôi gọi, ông Tư không hồi âm, sau nhắn tin và viết:\n“Không sửa đâu”.",
    ],
)
def test_the_last_line_before_a_mailers_heading_is_the_senders(said: str) -> None:
    heading = "Vào Th 2, 30 thg 11, 2026 vào lúc 10:05 Hồi Âm <phananh@b.vn> đã viết:"
    assert words.beyond(f"{said}\n\n{heading}\n> Ở đâu?\n> Mã bí mật: …", OURS) == said
