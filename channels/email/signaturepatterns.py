"""How people and telephones of many languages end a mail: the tables that the cutting of signatures reads.

Persian and English first. Each pattern is tried on single lines of at most 400 characters and has no nested repeats.
"""

from channels.email.quotepatterns import pattern

# What a telephone or a mail program puts under a mail: words and a device, alone on a line; only last lines are looked at.
_DEVICE = (
    "iphone|ipad|ipod|android|galaxy|samsung|huawei|xiaomi|nokia|blackberry|windows|outlook|yahoo|gmail|proton|tutanota|mail for|mobile|"
    "phone|smartphone|tablet|handy|telefon|téléphone|teléfono|telefone|cellulare|móvil|telefoon|мобильн|телефон|почт|cep|komórk|"
    r"k-9|fairemail|bluemail|spark|thunderbird|airmail|edison|aquamail|canary|zoho|gmx|web\.de|libero|orange|yandex|mi mail|redmi|网易|邮箱|郵箱|"
    "آیفون|ایفون|آیپد|اندروید|گوشی|موبایل|تلفن|تبلت|سامسونگ|گلکسی|شیائومی|هواوی|یاهو|اوت[\u200c ]?لوک|جی[\u200c ]?میل|هاتفي|جهاز|الهاتف|"
    "手机|手機|携帯"
)
# The words that come before the device; a preposition belongs to them, or "Sent the phone back" would be a signature.
_SENT = (
    r"sent (?:from|with|using|via|by)|sent securely (?:from|with)|(?:ارسال|فرستاده)[\s\u200c]?شده (?:از|با|توسط)",
    r"أُ?رسلت? من|ارسلت من|مُ?رسل من|تم الإرسال من|gesendet (?:von|mit|über|aus)|von meinem|diese nachricht wurde (?:von|mit)",
    r"envoyé (?:de|depuis|à partir|avec|par)|enviado (?:desde|do|de|a partir|via|con|pelo)",
    r"inviato (?:da|con|dal)|verzonden (?:vanaf|vanuit|via|met)|verstuurd vanaf|отправлено (?:с|из|от|через)",
    r"wysłan[eo] (?:z|przy|za)|skickat från|sendt fra|lähetetty|odesláno z|发自|發自|来自|來自|发送自|傳送自",
)
_SENT_BY = (
    rf"(?:این (?:ایمیل|نامه|پیام) )?(?:از|با) (?:طریق |ایمیل امن )?(?:{_DEVICE}).{{0,40}}(?:ارسال|فرستاده)[\s\u200c]?شد.{{0,8}}",
    rf"von (?:meine[mr]|unterwegs|yahoo).{{0,40}} gesendet\.?|(?:{_DEVICE}).{{0,20}}(?:ımdan|umdan|imden|ümden) gönderildi\.?",
    r"(?:get|télécharger|obtenez|obtenir|obtener|скачать|الحصول على|obter o|ottieni|holen sie sich|download|pobierz) "
    r"(?:outlook|bluemail|typeapp|spark) (?:for|für|pour|para|per|voor|dla|для|لـ) .{1,60}",
    r"outlook (?:برای|for) .{1,60} را دریافت کنید\.?|دریافت outlook برای .{1,60}|gesendet mit outlook .{1,40}",
    r"(?:yahoo|aol) mail.{0,12}: .{1,60}",
    r"outlook (?:für|para|voor) .{1,30} (?:herunterladen|holen|downloaden)|.{1,20} için outlook'u edinin|outlook for .{1,20} を入手|"
    rf"从我的.{{1,20}}发送|android'de .{{1,30}} gönderildi\.?|ارسال از (?:{_DEVICE}).{{0,30}}",
    r"iphoneから送信|.{1,20}から送信|나의 .{1,20}에서 보냄",
)
SENT_FROM = pattern(rf"[\s*_(\[-]{{0,5}}(?:(?:{'|'.join(_SENT)}).{{0,40}}(?:{_DEVICE}).{{0,50}}|{'|'.join(_SENT_BY)})")

# How a letter is closed before name, title and telephone number. Only the formal ones: behind a mere "thanks" people
# still write what was asked of them.
_CLOSINGS = (
    r"(?:(?:with )?(?:best|kind|kindest|warm|many|thanks and) )?regards|best wishes|(?:yours )?sincerely(?: yours)?|yours (?:truly|faithfully)",
    r"با (?:تشکر|احترام|سپاس|تقدیم احترام|تجدید احترام)(?: (?:و (?:تشکر|احترام|سپاس)|فراوان))?|ارادتمند(?: شما)?|با آرزوی (?:موفقیت|توفیق|سلامتی)",
    r"مع (?:أطیب التحیات|خالص التحیة|التحیة|خالص الشکر|فائق الاحترام)|تحیاتی|وتفضلوا بقبول فائق الاحترام(?: والتقدیر)?",
    r"mit (?:freundlichen|besten|herzlichen|freundlichem) gr(?:ü|ue)(?:ß|ss)(?:en)?|mit freundlichem gru(?:ß|ss)|"
    r"(?:freundliche|beste|viele|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e|mfg|lg|vg",
    r"(?:bien )?cordialement|(?:meilleures|sincères) salutations|salutations distinguées|bien à vous|"
    r"(?:un )?(?:cordial|atento) saludo|saludos(?: cordiales)?|atentamente",
    r"(?:cordiali|distinti) saluti|cordialmente|atenciosamente|(?:com os )?(?:melhores )?cumprimentos|att",
    r"met (?:vriendelijke|hartelijke) groet(?:en)?|hartelijke groet(?:en)?|mvg|с уважением|с наилучшими пожеланиями",
    r"saygılarım(?:ız)?la|iyi çalışmalar|z poważaniem|(?:z )?wyrazami szacunku|pozdrawiam(?: serdecznie)?|med vänlig(?:a)? hälsning(?:ar)?",
    r"此致|顺祝商祺|祝好|敬具|以上、?よろしくお願いいたします",
)
CLOSING = pattern(rf"[\s*_-]{{0,5}}(?:{'|'.join(_CLOSINGS)})[\s*_]{{0,3}}[,،，.!。]?[*_]{{0,2}}")

_TELEPHONE = (
    "tel|phone|mobile|mob|cell|fax|direct|office|telefon|telefax|handy|mobil|tél|téléphone|portable|teléfono|móvil|telefono|cellulare|"
    "telemóvel|telefone|celular|telefoon|mobiel|тел|телефон|моб|факс|cep|faks|kom|电话|手机|电話|電話|"
    "تلفن(?: ثابت| همراه| تماس)?|همراه|موبایل|تماس|فکس|نمابر|دورنگار|هاتف|جوال"
)
CONTACT = pattern(
    rf"\S@\S|\bwww\.\w|https?://\S|\+\d[\d ()./-]{{7,}}|(?<!\w)(?:{_TELEPHONE}|[tmfpe])\s?\.?\s?[:：]|(?<!\w)(?:{_TELEPHONE})\.?\s{{1,3}}[+(]?[\d۰-۹]"
)
# What is no ornament of a name although it stands under one: an answer, a matter's number, an afterthought.
MATTER = pattern(
    r"\bplease\b|\bnew\b|\bbitte\b|\bneue|veuillez|por favor|per favore|proszę|пожалуйста|lütfen|请|ください|لطفا|جدید|الرجاء|یرجی|"
    r"[?؟？]\s*$|^\W{0,3}(?:p\.? ?s\b|ps:|n\.?b\b|پ\.? ?ن\b|پی[\s\u200c]?نوشت)|"
    r"order|ticket|invoice|serial|tracking|(?:account|customer) (?:no|number|id)|سفارش|تیکت|فاکتور|سریال|پیگیری|(?:شماره|کد) (?:اشتراک|مشتری)|bestell|rechnung|kundenn|auftrag|"
    r"commande|facture|pedido|factura|ordine|fattura|encomenda|fatura|заказ|sipariş|zamówieni|订单|注文|الطلب|فاتورة",
)

# What a company or a virus scanner puts under everything; it is long, so it is known by how it begins and what it says.
_MAIL = (
    "(?:e-?mail|mail|message|communication|transmission|nachricht|courriel|mensaje|correo|messaggio|mensagem|bericht)"
)
_CONFIDED = (
    "confidential|intended (?:only|solely)|intended recipient|privileged|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|"
    "конфиденциальн|gizli|محرمانه|سری|وارسی|virus"
)
NOTICE = pattern(
    rf"\W{{0,5}}(?:confidentiality notice|disclaimer|legal notice|(?:the (?:information|content).{{0,60}}|this |diese |ce |este |questo |esta |"
    rf"dit |deze ){_MAIL}\b.{{0,200}}(?:{_CONFIDED})|(?:این|محتوای این|اطلاعات این) (?:ایمیل|پیام|نامه|رایانامه)\b.{{0,200}}(?:{_CONFIDED})|"
    rf"(?:هذه|إن هذه) الرسالة\b.{{0,200}}(?:سری)|(?:данное|настоящее|это) (?:сообщение|письмо)\b.{{0,200}}(?:конфиденциальн)|"
    r"please consider the environment|(?:virus-free|virenfrei|sin virus|sans virus|senza virus|livre de vírus|virusvrij|без вирусов|عاری از ویروس)"
    r"\W{0,4}(?:www\.|$)|لطفا (?:پیش|قبل) از چاپ این)",
)
