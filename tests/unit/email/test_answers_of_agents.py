"""What an agent wrote in an answer to a notice of ours, as mail programs send it: neither quote nor notice is among it."""

import email.policy
from email.message import EmailMessage

import pytest

from channels.email.codec import EmailCodec
from inbox.domain.happenings import InboundMessage
from inbox.text.above import above_mark

TOKEN = "0abcdefghijklmnopqrstuvwxyz"
TO = f"support+{TOKEN}@acme.org"
CODEC = EmailCodec(("support@acme.org",), b"s" * 32, "mx.acme.org")
NOTICE = """-- reply above this line --

The customer wrote.

Tue 24 Nov · Lena
SECRET, and where is it?

Your answer to this mail goes to the customer in your name. At the top, a line each:
#note  #done  #assign NAME"""
PERSIAN = "-- پاسخ را بالای این خط بنویسید --\n\nمشتری نوشته است. SECRET\n#یادداشت  #پایان"
HTML = "<p>-- reply above this line --</p><p>The customer wrote. SECRET</p><p><bdi>#note #done</bdi></p>"


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


TEXTS = {
    "Gmail": f"Yes.\n\nOn Tue, 24 Nov 2026 at 10:00, Lena (Acme) <{TO}> wrote:\n\n{quoted(NOTICE)}\n",
    "Gmail, broken": f"Yes.\n\nOn Tue, 24 Nov 2026 at 10:00, Lena (Acme) <\n{TO}> wrote:\n\n{quoted(NOTICE)}\n",
    "Gmail, Persian": f"Yes.\n\nدر تاریخ سه‌شنبه ۲۴ نوامبر ۲۰۲۶،‏ ۱۰:۰۰ Lena <\u200e{TO}\u200e> نوشت:\n\n{quoted(PERSIAN)}\n",
    "Outlook": f"Yes.\n\nFrom: Lena <{TO}>\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: Sara\nSubject: x\n\n{NOTICE}\n",
    "Outlook, Persian": f"Yes.\n\nاز: Lena <{TO}>\nارسال شده: سه‌شنبه ۳ آذر ۱۴۰۵\nبه: Sara\nموضوع: x\n\n{PERSIAN}\n",
    "Apple Mail": f"Yes.\n\n> On 24. Nov 2026, at 10:00, Lena (Acme) <{TO}> wrote:\n> \n{quoted(NOTICE)}\n",
    "Yahoo": f"Yes.\n\n    On Tuesday, November 24, 2026, 10:00:00 AM GMT+3:30, Lena <{TO}> wrote:  \n \n {NOTICE}\n",
    "Roundcube": f"Yes.\n\nOn 2026-11-24 10:00, Lena (Acme) wrote:\n{quoted(NOTICE)}\n",
    "Roundcube, Persian": f"Yes.\n\nدر 2026-11-24 10:00، Lena (Acme) نوشت:\n{quoted(PERSIAN)}\n",
    "Zimbra, Persian": f"Yes.\n\n----- پیام اصلی -----\nاز: Lena <{TO}>\nبه: sara\nموضوع: x\n\n{PERSIAN}\n",
    "Samsung": f'Yes.\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: "Lena" <{TO}>\nDate: x\n\n{NOTICE}',
    "a telephone": f"Yes.\n\nارسال از گوشی سامسونگ\n\n-------- پیغام اصلی --------\nاز: <{TO}>\nبه: x\n\n{PERSIAN}",
    "a signature": f"Yes.\n\n-- \nSara, SECRET\n\nOn Tue, 24 Nov 2026, Lena <{TO}> wrote:\n{quoted(NOTICE)}\n",
    "a language that nobody knows": f"Yes.\n\nLena (Acme) <{TO}> het op 24 Nov. 2026 10:00 geskryf:\n\n{NOTICE}\n",
    "an introduction that nobody knows": f"Yes.\n\nVon Lena an mich, gestern [{TO}]\n{quoted(NOTICE)}\n",
    "a quote of which lines broke": f"Yes.\n\nOn Tue, 24 Nov 2026 at 10:00, Lena <{TO}> wrote:\n{quoted(NOTICE)}\nSECRET\n> x\n",
    "a mark that broke": "Yes.\n\n-- reply above this\nline --\n\nSECRET",
    "nothing between": f"Yes.\n{NOTICE}",
}
HTMLS = {
    "Gmail": f'<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue, 24 Nov 2026 at 10:00, Lena &lt;<a href="mailto:{TO}">{TO}</a>&gt; wrote:<br></div><blockquote class="gmail_quote">{HTML}</blockquote></div>',
    "Outlook": f'<div class=WordSection1><p class=MsoNormal>Yes.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>From:</b> Lena &lt;{TO}&gt; <br><b>Sent:</b> Tuesday<br><b>To:</b> Sara<br><b>Subject:</b> x</p></div></div>{HTML}</div>',
    "Outlook, Persian": f"<div class=WordSection1 dir=rtl><p class=MsoNormal dir=RTL>Yes.</p><div><p class=MsoNormal dir=RTL><b>از:</b> Lena &lt;{TO}&gt; <br><b>فرستاده شده:</b> سه‌شنبه<br><b>به:</b> Sara<br><b>موضوع:</b> x</p></div>{HTML}</div>",
    "Outlook on the web": f'<div>Yes.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Lena &lt;{TO}&gt;<br><b>Sent:</b> Tuesday<br><b>To:</b> Sara<br><b>Subject:</b> x</div>{HTML}',
    "Apple Mail": f'Yes.<br><div><br><blockquote type="cite"><div>On 24 Nov 2026, at 10:00, Lena &lt;{TO}&gt; wrote:</div><br><div>{HTML}</div></blockquote></div>',
    "a mark that broke": "<p>Yes.</p><p>-- reply above<br>this line --</p><p>SECRET</p>",
    "a mark in a table": "<p>Yes.</p><table><tr><td>--&nbsp;reply&nbsp;above&nbsp;this&nbsp;line&nbsp;--</td></tr></table><p>SECRET</p>",
}


def words(content: str, subtype: str) -> str:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Sara <sara@acme.org>", TO, "Re: [#K7Q2] Order"
    mail.set_content(content, subtype=subtype)
    (said,) = CODEC.parse(mail.as_bytes())
    assert isinstance(said, InboundMessage)
    assert said.tokens == (TOKEN,)
    return above_mark(said.reply_text, said.tokens)


@pytest.mark.parametrize("program", TEXTS)
def test_only_what_the_agent_wrote_is_left_of_a_text(program: str) -> None:
    assert words(TEXTS[program], "plain") == "Yes."


@pytest.mark.parametrize("program", HTMLS)
def test_only_what_the_agent_wrote_is_left_of_html(program: str) -> None:
    assert words(HTMLS[program], "html") == "Yes."


def test_answers_between_the_lines_and_below_are_words() -> None:
    head = f"On Tue, 24 Nov 2026 at 10:00, Lena (Acme) <{TO}> wrote:\n"
    assert words(f"{head}{quoted(NOTICE)}\n\n#note angry\n", "plain") == "#note angry"
    between = f"{head}> -- reply above this line --\n>\n> Where is it?\nOn its way.\n> and when?\nTomorrow."
    assert words(between, "plain") == "On its way.\nTomorrow."
