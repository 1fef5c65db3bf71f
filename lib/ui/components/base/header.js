// Where things of ours stand in Streamlit's header, from the right: its menu, Copy link, the pill of the run.

const SMALL_BELOW = 1000; // pixels of window: less room than that belongs to the navigation
const GAP = 10;
const COPY = { wide: 92 + 34, small: 32 + 34 }; // as copy_link.css has it, with the switch for the projector

export const isSmall = () => window.innerWidth < SMALL_BELOW;

/** How far from the right edge Copy link ends, how far the pill, and the header's middle (0: not there yet). */
export function headerPlace() {
  const header = document.querySelector('[data-testid="stHeader"]');
  const menu = header?.querySelector('[data-testid="stMainMenu"]')?.getBoundingClientRect();
  const box = header?.getBoundingClientRect();
  const right = menu?.width ? window.innerWidth - menu.left + GAP / 2 : 2 * GAP;
  const pill = right + (isSmall() ? COPY.small : COPY.wide) + GAP / 2;
  return { header, right, pill, middle: box?.height ? box.top + box.height / 2 : 0 };
}

/** What stands in the header should not take up the gap of an element on the page. @param {Element} host */
export function leaveFlow(host) {
  const container = host.closest('[data-testid="stElementContainer"]');
  if (container) container.style.position = "absolute";
}

/** The navigation ends so many pixels before the right edge: its last entries then fold into "more". @param {HTMLElement} nav @param {number} right */
export function endNavigation(nav, right) {
  const end = nav.getBoundingClientRect().right + (parseFloat(nav.style.marginRight) || 0);
  const room = end - (window.innerWidth - right) + GAP;
  nav.style.marginRight = room > 0 ? `${Math.ceil(room)}px` : "";
}
