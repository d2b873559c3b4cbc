"""What is wider than the screen that it is on, and which words or boxes stick out of it."""

from playwright.sync_api import Page

STICKS_OUT = """async () => {
  await document.fonts.ready;
  const wide = innerWidth, whole = document.documentElement.scrollWidth;
  if (whole <= wide) return [];
  const fromRight = document.documentElement.dir !== 'rtl';
  const beyond = (box) => box.width ? Math.round(fromRight ? box.right - wide : -box.left) : 0;
  const scrolled = (one) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return true;
    return false;
  };
  const far = (one) => {
    if (getComputedStyle(one).overflowX !== 'visible') return beyond(one.getBoundingClientRect());
    const words = document.createRange();
    words.selectNodeContents(one);
    return Math.max(beyond(one.getBoundingClientRect()), beyond(words.getBoundingClientRect()));
  };
  const found = [...document.body.querySelectorAll('*')].map((one) => [far(one), one])
    .filter(([by, one]) => by > 0 && !scrolled(one));
  const inmost = found.filter(([, one]) => !found.some(([, other]) => other !== one && one.contains(other)));
  const named = (one) => one.localName + (one.id && '#' + one.id) + [...one.classList].map((name) => '.' + name).join('');
  return [`${whole} of ${wide} pixels`, ...inmost.sort(([a], [b]) => b - a).map(([by, one]) =>
    `${by} pixels: ${named(one.parentElement)} > ${named(one)} “${(one.textContent || '').trim().slice(0, 60)}”`)];
}"""
"""The words are measured as well: those that may not be broken stick out of a box that does not. What lies in a box that scrolls
is that box's own."""


def too_wide(page: Page) -> str:
    """Empty where the page is no wider than its screen; else how wide it is, and what sticks out of it, the farthest first.

    Waits for the fonts: what another font is written in is of another width.
    """
    found: list[str] = page.evaluate(STICKS_OUT)
    return "; ".join(found)
