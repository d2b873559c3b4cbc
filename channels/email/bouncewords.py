"""What mail systems say when they send a mail back: one table of phrases for each thing they say, in the languages they say it in.

Where nothing else is said they are matched against folded text (`inbox.text.fold`), so that one spelling stands for the letters of both Persian and
Arabic keyboards, for capitals and for wide forms. Each phrase looks over a bounded distance only.
"""

import re

from inbox.text.fold import fold

SUBJECTS = (
    # English: sendmail, postfix, exim, qmail, courier, Exchange, Domino, GroupWise, MDaemon, IMail, gateways
    r"un-?deliver(?:ed|able)|non-?\s?deliver(?:y|ed|able)|\bndn\b|\bndr\b|failure notice|failed? (?:mail|message|delivery)\b",
    r"deliver?y (?:status notification|failure|fail|has (?:failed|been delayed)|problem|delay|report|error|notification|status|notice|warning|unsuccessful|incomplete|attempt)",
    r"return(?:ed|ing) (?:e-?mail|mail|to sender|message|undeliver)|mail (?:delivery|system|server)? ?(?:has )?(?:failed|error|failure|problem|warning)",
    r"(?:message|e-?mail|mail|delivery) (?:could not be|not|was not|wasn't|cannot be|can't be|has been|was|is|to .{1,80} was) ?(?:delivered|sent|rejected|blocked|delayed|returned|refused|bounced|undeliverable)",
    r"(?:message|e-?mail|mail) (?:rejected|blocked|refused|bounced|delayed|you sent (?:was )?blocked|status)|deliver(?:y|ing) (?:to|of) .{1,80} (?:failed|delayed)",
    r"unsuccessful (?:mail |message )?deliver|not (?:been )?successfully (?:delivered|sent)|warning: (?:message|could not send)|rejected:|user unknown|unknown user|unable to deliver|(?:cannot|could ?n[o']t|failed to) (?:be )?(?:deliver|send)|mailbox (?:is )?full|over quota",
    r"nicht zustellbar|unzustellbar|nicht zugestellt|zustell(?:ung|ungs)?\s?(?:fehlgeschlagen|fehler|status|problem)|nachricht konnte nicht|zuruck an (?:den )?absender|zurück an (?:den )?absender",
    r"non (?:remis|distribu|delivr|délivr|livr)|[ée]chec (?:de (?:la )?(?:remise|distribution|livraison)|d['’]envoi|de l['’]envoi)|notification d['’](?:[ée]chec|[ée]tat de remise)|avis de non[- ]remise|retour [àa] l['’]exp[ée]diteur",
    r"no (?:se )?(?:puede|pudo|ha podido) (?:ser )?(?:entregar|entregado)|no entregado|(?:error|fallo|falla) (?:de|en la) entrega|entrega fallida|estado de (?:la )?entrega|(?:correo|mensaje) (?:devuelto|rechazado)",
    r"non recapitabile|mancat[ao] (?:recapito|consegna)|consegna (?:fallita|non riuscita)|impossibile (?:consegnare|recapitare)|non (?:consegnato|recapitato)|stato del recapito",
    r"n[ãa]o (?:foi )?(?:poss[íi]vel )?entreg(?:ue|ar)|(?:falha|erro) (?:na|de) entrega|mensagem devolvida|status de entrega",
    r"niet (?:te bezorgen|bezorgd|afgeleverd|besteld)|onbestelbaar|(?:bezorging|aflevering|levering) (?:is )?mislukt|kan niet worden (?:bezorgd|afgeleverd)",
    r"не ?доставлен|недоставлен|не удалось доставить|невозможно доставить|(?:ошибка|сбой) (?:при )?доставк|уведомлени[ея] о (?:не)?(?:доставке|состоянии доставки)|возврат (?:письма|почты|сообщения)",
    r"teslim edilemedi|teslim edilemeyen|iletilemedi|gönderilemedi|gonderilemedi|teslimat (?:başarısız|hatası|durumu)",
    r"nie (?:zosta[łl]a? )?dostarczon|niedostarczon|niedor[ęe]czon|nie mo[żz]na dostarczy[ćc]|b[łl][ąa]d dostarczania|zwrot (?:wiadomo|poczty)",
    r"kunde inte levereras?|kan inte levereras|olevererbar|kunne ikke leveres|ei voitu toimittaa|nedoru[čc]iteln|kézbesíthetetlen|nelivrat",
    r"benachricht[a-zäöü]{0,9} (?:zum|über den) (?:übermittlungs|zustell)status|[ée]tat de (?:la )?(?:distribution|remise)|stato (?:del|di) (?:recapito|consegna)|status van de bezorging|stanie (?:dostarcz|dor[ęe]cz)|teslim(?:at)? durum|leveransstatus",
    r"传[递送]状态|傳[遞送]狀態|配信状[態況]|배달 상태|وضعیت (?:تحویل|ارسال)|حال[هة] التسلیم|退信|未送达|未能送达|无法投递|无法送达|投递失败|退回|無法投遞|無法傳遞|未傳遞|傳送失敗|投遞失敗|寄送失敗",
    r"配信不能|配信でき|配信エラー|送信エラー|未配信|配達不能|配達でき|エラーメール|반송|배달 ?(?:실패|되지)|전송 ?실패|발송 ?실패",
    r"(?:تحویل|ارسال) (?:داده )?(?:نشد|ناموفق|نشده)|عدم (?:تحویل|ارسال|امکان تحویل)|(?:ارسال|تحویل) .{0,40}(?:ناموفق|ممکن نیست|با خطا|انجام نشد)|(?:ایمیل|نامه|پیام) (?:شما )?(?:برگشت|تحویل نشد|ارسال نشد)|خطا(?:ی)? (?:در )?(?:ارسال|تحویل)|غیر ?قابل تحویل|برگشت (?:خورد|ایمیل|نامه|پیام)",
    r"تعذر (?:تسلیم|التسلیم|ارسال|توصیل)|لم یتم (?:تسلیم|التسلیم|توصیل)|فشل (?:فی )?(?:تسلیم|التسلیم|ارسال|توصیل)|غیر قابل للتسلیم|رسال[هة] مرتجع",
)
"""What the subject of a bounce says."""

FAILED = (
    r"(?:was|were|has|have|could|can|is|are|be)(?: ?not|n['’]t) (?:be |been |able to |possible to )?(?:be )?(?:deliver|reach|sent|accept|process)",
    r"un(?:able|successful)(?:ly)? (?:to |in )?(?:deliver|send|relay)|deliver(?:y|ing)[^\n]{0,90}fail|cannot (?:be )?(?:deliver|send|relay|route)|failed to (?:deliver|send)",
    r"(?:did not|didn't|not) reach (?:the |your )?(?:following |some |all |intended )|(?:following|one or more|some) [^\n]{0,60}(?:recipient|address)[^\n]{0,60}(?:fail|error|reject|undeliver)",
    r"undeliver(?:able|ed)|non-?deliver|(?:permanent|fatal|delivery|following) (?:fatal )?(?:errors?|failures?)|was (?:undeliverable|rejected|blocked|refused)|(?:has been|being) (?:returned|rejected|blocked|refused|delayed)",
    r"(?:user|recipient|receiver|mailbox|address|account|host|domain)s? [^\n]{0,60}(?:unknown|not (?:found|exist|listed|available|local|active)|doesn't|does not exist|unavailable|rejected|disabled|is full|full\b|over quota|fail)|unknown (?:user|recipient|local|address)|no such (?:user|recipient|mailbox|address|domain|host|local)",
    r"mail delivery (?:fail|problem|error)|delivery status notification|returned to (?:you|sender)|couldn['’]t deliver|over quota|will (?:be retried|keep trying|continue)|not yet been delivered|rcpt to:?",
    r"(?:nicht|konnte)[^\n]{0,60}(?:zugestellt|zustellbar|zustellen|übermittelt|ausgeliefert)|unzustellbar|unbekannt|zustellung[^\n]{0,60}fehlgeschlagen|postfach[^\n]{0,30}voll",
    r"(?:n['’]a|n['’]ont|ne|pas)[^\n]{0,60}(?:remis|distribu|délivr|livr|achemin|transmis)|[ée]chec|bo[iî]te[^\n]{0,40}pleine|inconnu",
    r"no (?:se )?(?:ha |pudo |puede |podido |fue )[^\n]{0,40}entreg|no entregado|buz[oó]n[^\n]{0,30}(?:lleno|existe)|rechazad|desconocid",
    r"(?:recapito|consegna)[^\n]{0,40}(?:non|fallit)|(?:non|impossibile)[^\n]{0,60}(?:recapita|consegn|inviat|spedit)|casella[^\n]{0,30}piena|sconosciut|rifiutat",
    r"n[ãa]o[^\n]{0,60}(?:entreg|envia)|caixa[^\n]{0,40}cheia|desconhecid|rejeitad|inexistente",
    r"(?:niet|kan)[^\n]{0,60}(?:bezorgd|afgeleverd|besteld|bezorgen)|onbekend|mislukt|vol\b",
    r"не (?:может|могло|был|была|было|удалось|доставлен)|недоставлен|невозможно|не существует|неизвестн|переполнен|отклонен",
    r"(?:teslim|iletile|gönderile|ulaş)[^\n]{0,30}(?:eme|ama)|bulunamad|kota|dolu",
    r"nie (?:zosta|mo[żz]|uda|mog|istnieje)|niedostarcz|przepe[łl]nion|nieznan|odrzucon",
    r"退信|退回|无法|失败|不存在|未送达|无此|拒绝|無法|失敗|已满|被拒|配信|届け|エラー|存在しま|不明|拒否|반송|실패|존재하지|없는",
    r"(?:تحویل|ارسال|دریافت)[^\n]{0,60}(?:نشد|نیست|نمی|ناموفق|نگردید|نخواهد)|برگشت|ناموفق|وجود ندارد|یافت نشد|نامعتبر|ناشناخته|پر شده|پر است|مسدود|رد شد",
    r"تعذر|لم یتم|فشل|غیر (?:موجود|معروف|صالح)|ممتلئ|مرفوض",
)
"""What the words of a bounce say."""

OF_MAIL = (
    r"e-?mail|mailbox|messag|recipient|smtp|nachricht|empfänger|postfach|destinat|mensaje|mensagem|bericht|ontvanger|сообщен|письм|получател|ileti|e-?posta|alıcı",
    r"wiadomo|odbiorc|邮件|郵件|收件|メール|受信者|メッセージ|메일|메시지|ایمیل|پیام|نامه|گیرنده|صندوق|رسال|برید|مستلم",
)
"""What tells mail from parcels, which are late and come back too."""

OPENINGS = (
    r"this is the (?:qmail-send program|mail system at host|postfix program|mail delivery (?:system|agent)|e?courier)",
    r"this message was created automatically by (?:mail delivery software|the (?:smtp|mail) )|the original message was received at ",
    r"did not reach the following recipient|this is an automatically generated delivery status notification|this report relates to a message you sent",
    r"your message (?:was not delivered|wasn't delivered|to .{1,90} (?:couldn't be|could not be|was not|wasn't|has been blocked) ?(?:delivered)?)|i'm afraid i wasn't able to deliver",
    r"delivery (?:to the following recipients? |has )failed|the following message (?:to <.{1,90}> )?was undeliverable|unable to deliver message to|could not deliver (?:your|the) (?:message|mail)",
    r"^unknown user: [^\s]{1,90}@|rcpt to generated following response|message from yahoo|sorry, we were unable to deliver your message|a message (?:that )?you sent could not be delivered|address not found|message blocked|message not delivered",
)
"""How only a mail system begins, whatever the subject of what it sends."""

DELAYED = (
    r"will (?:re-?)?try|will (?:keep|continue|be) (?:on )?(?:trying|to (?:try|retry|attempt|be (?:re)?tried)|retr(?:y|ied)|attempted|re-?sent)|warning message only|(?:do not|don't) need to (?:re-?send|take any action)",
    r"(?:has|have) not (?:yet )?been (?:delivered|able)(?! because| due)[^\n]{0,40}(?:yet|but|will|after)|has not yet been delivered|still (?:trying|being (?:tried|attempted)|in the (?:mail )?queue)|not yet been able|(?:message|delivery|mail|it) (?:is|was|is being) (?:temporarily )?(?:delayed|deferred)|(?:has|have) been (?:temporarily )?(?:delayed|deferred)|delivery attempts will|will try again|delivery (?:is )?delayed to",
    r"(?:weiter|erneut|nochmals)[^\n]{0,40}(?:versuch|zugestellt)|zustellung[^\n]{0,60}verzögert|verzögert sich|nouvelles? tentatives?|a [ée]t[ée] retard[ée]e?|n['’]a pas encore été|se (?:seguir[áa]|volver[áa])[^\n]{0,40}intent|a[úu]n no se ha|retrasad[ao]",
    r"(?:nuovi|altri|ulteriori) tentativi|ritardat[ao]|continuar[áa]|novas? tentativas?|adiad[ao]|atrasad[ao]|opnieuw (?:geprobeerd|proberen)|vertraagd|попыт(?:ки|ка)[^\n]{0,60}(?:продолж|будут|повтор)|пока не доставлен|задерж(?:ана|ано|ка)",
    r"tekrar denenecek|gecik(?:ti|me)|ponawian|kolejne próby|opó[źz]nion|(?:将|會|会)(?:继续|繼續|再次)?(?:尝试|嘗試|重试|重試)|延迟|延遲|再送(?:信)?(?:を)?(?:試|し)|配信が遅れ|지연",
    r"(?:دوباره|مجددا|مجدد|همچنان)[^\n]{0,40}(?:تلاش|ارسال|سعی)[^\n]{0,40}(?:خواهد|می)|با تاخیر|به تاخیر افتاد|هنوز (?:تحویل|ارسال) (?:داده )?نشده|سیحاول|ستتم المحاول|تاخر (?:تسلیم|ارسال)",
)
"""What a warning says whose mail is not lost yet."""

PASSING = (
    r"(?:mailbox|account|inbox|quota|user|storage|recipient|disk|maildir)[^.\n]{0,60}(?:full|exceed|over|out of|insufficient|not enough)|over[- ]?quota|exceed[^.\n]{0,30}(?:quota|limit|storage)|quota exceeded|insufficient (?:system )?storage",
    r"(?:try|again|back|retry)[^.\n]{0,20}later|grey-?list|gray-?list|temporar|timed? ?out|connection (?:refused|reset|closed|lost|failed)|too many (?:connections|messages|recipients)|deferred|too busy|in the queue too long|not responding|unreachable|rate limit|out of disk|no route to host|could not connect|unable to connect",
    r"(?:postfach|mailbox|speicher)[^.\n]{0,40}(?:voll|überschritten|erschöpft)|vorübergehend|zeitüberschreitung|bo[iî]te[^.\n]{0,60}pleine|quota (?:dépassé|atteint)|temporaire|buz[oó]n[^.\n]{0,40}lleno|cuota[^.\n]{0,30}(?:excedid|superad)|temporal(?:mente)?\b",
    r"casella[^.\n]{0,40}piena|quota[^.\n]{0,30}superata|temporane|caixa[^.\n]{0,60}cheia|cota[^.\n]{0,30}excedid|temporári|postvak[^.\n]{0,30}vol\b|mailbox[^.\n]{0,60}vol\b|tijdelijk|переполнен|превышен|квот|временн|kota|posta kutusu[^.\n]{0,30}dolu|geçici",
    r"przepe[łl]nion|pe[łl]na|limit[^.\n]{0,20}przekroczon|tymczasow|已满|已滿|空间不足|容量|超出配额|暂时|稍后|稍後|いっぱい|容量超過|一時的|용량|일시적",
    r"صندوق[^.\n]{0,60}(?:پر|کافی)|(?:پر شده|پر است|پر می)|ظرفیت|سهمیه|فضای (?:کافی|ذخیره)|موقت|ممتلئ|تجاوز[^.\n]{0,20}الحص",
)
"""What is said of troubles that pass, where no code says it."""

DELIVERED = (
    r"(?<!un)(?<!not )success(?:ful|fully)? (?:mail |message )?(?:deliver|relay|sent)|(?:deliver|relay)(?:y|ed)? (?:was )?success|^delivered:|^relayed:|^return receipt$|^expanded:|^zugestellt:|^remis ?:|^entregado:|^recapitato:|^entregue:|^bezorgd:|^доставлено:|^teslim edildi:|^dostarczone?:|^已送达|^配信済み",
)
"""What the subject of a report says whose mail arrived."""

READ_SUBJECTS = (
    r"(?:read|gelesen|lu|leído|letto|letta|lida|lido|gelezen|прочитано|прочтено|okundu|przeczytano|läst|lest|已读|已讀|开封済み|開封済み|خوانده شد|مقروء[هة]?|قرئت)(?: ?[:：-]| \()",
    r"(?:not read|ungelesen gelöscht|non lu|no leído|non letto|não lida|niet gelezen|не прочитано|unread)(?: ?[:：-])",
    r"(?:return |read |disposition )?(?:receipt|notification)(?: \(displayed\))?(?: for your mail)?(?: -| ?:)|lesebestätigung|(?:accus[ée]|confirmation) de lecture|confirmaci[oó]n de lectura|conferma di lettura|confirma[çc][ãa]o de leitura|leesbevestiging|уведомление о прочтении|okundu bilgisi|potwierdzenie (?:przeczytania|odczytu)|رسید خواندن|رسید ایمیل|تأیید خواندن",
)
"""How the subject of a read receipt begins. Asked of every mail, so as it stands and not folded."""

READ = (
    r"(?:was|has been|were) (?:read|displayed|opened|deleted without)|return receipt for (?:the|your)|this is a receipt for the (?:mail|message)|is no guarantee that the message",
    r"wurde[^\n]{0,80}(?:gelesen|angezeigt|geöffnet)|a (?:bien )?été (?:lu|affiché|ouvert)|(?:se|fue|ha sido) le(?:yó|ído)|è stat[oa] (?:lett|visualizzat|apert)|foi lid[ao]|is gelezen|(?:было|была) (?:прочитан|открыт|отображен)|прочтено|okundu|(?:zosta[łl]a? )?przeczytan",
    r"已阅读|已读|已讀|已於|阅读时间|読まれ|開封|표시되|읽었|خوانده شد|تمت قراء|قرئت",
)
"""What the words of a read receipt say."""


def told(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for any of these phrases; the text must be folded too. A pattern's escapes survive the fold: all are lower case."""
    return re.compile("|".join(fold(one) for one in phrases), re.MULTILINE)
