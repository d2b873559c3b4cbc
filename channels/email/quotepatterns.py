"""How mail programs of many languages introduce what they quote or forward: the tables that quoting reads.

Persian and English first. All patterns are searched in lines of at most 400 characters and have no nested repeats, so
the time they take is linear.
"""

import re

# Programs and keyboards mix Arabic and Persian letters at will; lines and patterns are both brought to the Persian ones.
LETTERS = str.maketrans("يك", "یک")


def pattern(source: str) -> "re.Pattern[str]":
    """A pattern that ignores case, with the letters of LETTERS brought together as in the lines it meets."""
    return re.compile(source.translate(LETTERS), re.IGNORECASE)


# "On <date>, <somebody> wrote:" - the word that makes a line an introduction. It stands at or near the end of the line.
_WROTE = (
    r"wrote|writes|said",
    r"نوشت(?:ه|ند|ه[\s\u200c]?(?:است|اند|بود|بودند))?|فرمود(?:ند|ه[\s\u200c]?اند)?|گفت(?:ه[\s\u200c]?است)?",
    r"كتب(?:ت|وا)?|کتب(?:ت)?",
    r"schrieb|geschrieben|hat geschrieben",
    r"a écrit|écrivait|a ecrit",
    r"escribió|escribio|escreveu|va escriure",
    r"ha scritto|scrisse|scrive",
    r"schreef|geschreven|heeft geschreven",
    r"skrev|skrifaði|kirjoitti",
    r"написал(?:\(а\)|а)?|пишет|писал(?:\(а\)|а)?|пише|написав",
    r"şunu yazdı|yazdı|şöyle yazdı",
    r"napisał(?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|a scris|έγραψε|написа",
    r"写道|寫道|撰写|のメール|さんは書きました|さんが書きました|님이 작성|작성",
)
WROTE = pattern(rf"(?<!\w)(?:{'|'.join(_WROTE[:-1])})(?!\w)|{_WROTE[-1]}")

# How such a line begins; needed to find its first line where a program broke it in two or three.
OPENS = pattern(
    r"(?:on|at|in|am|um|le|el|en|il|em|no dia|a|op|den|dne|dnia|w dniu|в|на|у|tarihinde|在|于|於|بتاريخ|در|به تاریخ|در تاریخ|في|فی|בתאריך|"
    r"\d|[۰-۹٠-٩]|mon|tue|wed|thu|fri|sat|sun|شنبه|یکشنبه|دوشنبه|سه|چهارشنبه|پنجشنبه|پنج|جمعه|20\d\d年|from|de|von|van|از)"
    r"(?:\W|(?<=\d)|(?<=[۰-۹]))",
)

# What no sentence of a customer has by chance: an address, a time of day, a year.
EVIDENCE = pattern(r"\S@\S|\d{1,2}[:.h]\d{2}|[۰-۹]{1,2}:[۰-۹]{2}|\b(?:19|20|13|14)\d\d\b|[۱۲][۰-۹]{3}|[/-]\d\d?[/-]")

_BRACKETED = r"[<(\[][^\s<>()\[\]@]{1,100}@[^\s<>()\[\]@]{1,100}[>)\]]"
# What only a program writes into an introduction: the address in brackets, or the time of day beside a day.
MACHINE = pattern(
    rf"{_BRACKETED}|\d[\s,،t]{{1,3}}\W{{0,3}}.{{0,14}}\d{{1,2}}[:h]\d{{2}}|[۰-۹].{{0,20}}[۰-۹]{{1,2}}:[۰-۹]{{2}}"
)
# A line that begins with who wrote, so that the date comes behind it.
NAMED = pattern(r"[^<>:]{1,80}<[^<>\s]{1,200}@[^<>\s]{1,200}>")

# Day and time together: where a program broke an introduction, its first line may begin with the weekday of any language.
DATED = pattern(r"(?:\b(?:19|20|13|14)\d\d\b|[۱۲][۰-۹]{3}).{0,40}(?:\d{1,2}[:.]\d{2}|[۰-۹]{1,2}:[۰-۹]{2})")
# The address in brackets, which makes a dated line the work of a program in whatever language.
ADDRESS = pattern(_BRACKETED)

# Rules and stars around a separator, a colon behind it: taken off before the words are compared.
ORNAMENTS = "-_=*:：—―─–"

ORIGINAL = pattern(
    r"original (?:message|email|appointment)|original message follows|reply message|(?:پیام|پیغام|نامه|ایمیل|متن) (?:اصلی|اولیه)|"
    r"الرسالة الأصلية|رسالة أصلية|ursprüngliche (?:nachricht|mail)|original-?nachricht|urspr\. nachricht|"
    r"message d['’]origine|message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|"
    r"исходное сообщение|оригинальное сообщение|ori[jg]inal (?:mesaj|i̇?leti|posta)|wiadomość oryginalna|oryginalna wiadomość|"
    r"ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|původní zpráva|eredeti üzenet|"
    r"原始邮件|原始消息|邮件原件|原始郵件|元のメッセージ|원본 메시지",
)
FORWARDED = pattern(
    r"(?:begin )?forwarded message|forwarded mail|forwarded by .{1,80}|"
    r"(?:(?:شروع|آغاز) )?(?:پیام|پیغام|نامه|ایمیل) (?:باز[\s\u200c]?ارسال|هدایت|فوروارد|ارجاع|فرستاده)[\s\u200c]?شده|"
    r"پیام (?:بازفرستاده|ارسال[\s\u200c]?شده مجدد)|(?:بدء )?الرسالة (?:المعاد توجيهها|المحولة)|رسالة معاد توجيهها|"
    r"(?:anfang der )?weitergeleitete[n]? nachricht|(?:début du )?message (?:transféré|réexpédié)|"
    r"(?:inicio del )?mensaje reenviado|(?:inizio )?messaggio inoltrato|(?:início da )?mensagem (?:encaminhada|reencaminhada)|"
    r"(?:begin )?doorgestuurd bericht|(?:пересылаемое|пересланное|переадресованное|перенаправленное) сообщение|"
    r"начало (?:переадресованного|пересылаемого) сообщения|iletilen (?:mesaj|ileti)(?: başlangıcı)?|i̇?letilmiş i̇?leti|"
    r"yönlendiril(?:miş|en) (?:i̇?leti|mesaj)|przekazana wiadomość|wiadomość przekazana|początek przekazywanej wiadomości|"
    r"vidarebefordrat (?:meddelande|brev)|videresendt (?:meddelelse|melding)|přeposlaná zpráva|"
    r"下面是被转发的邮件|(?:开始)?转发的(?:邮件|消息)|转发邮件|转发信息|轉寄郵件|轉寄訊息|転送(?:された)?メッセージ|전달된 메시지",
)
# A line drawn across; QQ writes a word into it.
RULE = pattern(r"_{10,}|[\u2500\u2014]{8,}|-{10,} ?original ?-{10,}|-{20,}")

# The header that Outlook and its kin put before what they quote: labels by what they stand for.
LABELS = {
    "from": "from|فرستنده|از|از طرف|من|مِن|المرسل|von|de|da|van|от|от кого|kimden|gönderen|od|från|fra|lähettäjä|feladó|odesílatel|від|发件人|寄件者|寄件人|差出人|送信者|보낸 사람",
    "date": (
        "sent|date|sent on|ارسال|ارسال شده|ارسال‌شده|ارسال در|فرستاده شده|تاریخ|تاریخ ارسال|زمان|زمان ارسال|تم الإرسال|التاريخ|تاريخ الإرسال|gesendet|gesendet am|datum|envoyé|envoyé le|"
        "enviado|enviado el|enviada|enviada em|enviado em|data de envio|fecha|data|inviato|inviato il|verzonden|отправлено|дата|gönderildi|gönderme tarihi|gönderme zamanı|gönderim zamanı|tarih|wysłano|"
        "wysłane|skickat|sendt|dato|lähetetty|päivämäärä|elküldve|odesláno|надіслано|أرسلت|发送时间|发送日期|日期|时间|寄件日期|傳送時間|送信日時|日時|日付|傳送日期|보낸 날짜"
    ),
    "to": "to|به|برای|گیرنده|المستلم|címzett|komu|إلى|الى|an|à|para|a|per|aan|кому|kime|kime|do|till|til|vastaanottaja|收件人|收件者|宛先|받는 사람",
    "cc": "cc|kopi|ccn|رونوشت|کپی|نسخة|copie|copia|kopie|копия|bilgi|dw|kopia|抄送|副本",
    "subject": (
        "subject|موضوع|عنوان|الموضوع|betreff|objet|asunto|oggetto|assunto|onderwerp|тема|konu|temat|ämne|emne|aihe|tárgy|předmět|主题|主題|主旨|件名|제목"
    ),
}
KINDS = {label: kind for kind, labels in LABELS.items() for label in labels.translate(LETTERS).split("|")}
"""What each label stands for, in lower case and with the letters of LETTERS."""

# A subject that says "forwarded": what follows under a header block is then content and no quote.
FORWARD_SUBJECT = pattern(
    r"\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|vs|pd|ilt|i̇lt|továbbítva|转发|轉寄|転送|전달|بازارسال|باز‌ارسال|فوروارد|هدایت|ارجاع|إعادة توجيه)\s?[:：]",
)

# A few words that send the reader on: the answers stand between the lines of the mail below, in another colour.
BELOW = pattern(
    r"\b(?:see|find|read|answers?|answered|repl(?:y|ies|ied)|comment(?:s|ed)?|responses?|notes?)\b.{0,40}"
    r"\b(?:below|inline|in-line|in (?:red|blue|green|bold|the text))\b|"
    r"(?:پاسخ|جواب|توضیح|نظر).{0,40}(?:زیر|پایین|پائین|داخل متن|در متن|لابه[\s\u200c]?لای|قرمز|آبی)|"
    r"(?:انظر|الإجابات?|إجاباتي|الردود).{0,40}(?:أدناه|بالأحمر|في النص)|(?:siehe|antwort|kommentar).{0,40}(?:unten|im text|rot\b)|"
    r"(?:voir|réponses?|commentaires?).{0,40}(?:ci-dessous|en rouge|dans le texte)|(?:ver|respuestas?|comentarios?).{0,40}(?:abajo|en rojo)|"
    r"(?:vedi|rispost[ae]).{0,40}(?:sotto|in rosso|nel testo)|(?:veja|respostas?).{0,40}(?:abaixo|em vermelho)|"
    r"(?:zie|antwoord).{0,40}(?:hieronder|in rood|in de tekst)|(?:см\.|смотрите|ответ).{0,40}(?:ниже|в тексте|красным)|"
    r"(?:cevap|yanıt).{0,40}(?:aşağıda|kırmızı)|(?:odpowied|patrz).{0,40}(?:poniżej|w tekście|na czerwono)|(?:见|回复|回覆).{0,10}(?:下文|下方|红)|赤字",
)
