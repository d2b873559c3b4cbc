"""Mail domains at which anybody can have an address: whoever writes from there belongs to nobody in particular."""

_WRITTEN = """
gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.co.in yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.com.br yahoo.co.jp
ymail.com rocketmail.com myyahoo.com outlook.com outlook.fr outlook.de outlook.es hotmail.com hotmail.co.uk hotmail.fr hotmail.de
hotmail.it hotmail.es live.com live.co.uk live.fr live.nl msn.com passport.com icloud.com me.com mac.com aol.com aim.com
proton.me protonmail.com pm.me tutanota.com tutanota.de tuta.io tuta.com keemail.me gmx.com gmx.de gmx.net gmx.at gmx.ch web.de
t-online.de freenet.de mail.com email.com usa.com fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com yandex.com yandex.ru
ya.ru mail.ru inbox.ru list.ru bk.ru rambler.ru ukr.net qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com
naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com sky.com virginmedia.com
rediffmail.com seznam.cz wp.pl o2.pl onet.pl interia.pl abv.bg mailbox.org posteo.de disroot.org riseup.net
duck.com simplelogin.com mozmail.com hey.com
chmail.ir mailfa.com mailfa.org vatanmail.ir
"""
PUBLIC = frozenset(_WRITTEN.split())
"""In ASCII and lower case."""


def is_public(domain: str) -> bool:
    """Whether anybody can have an address there."""
    return domain.lower().rstrip(".") in PUBLIC
