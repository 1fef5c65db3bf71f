// Links that stay in the session: a plain one would load the page anew.

/**
 * Follow a link by the navigation's own link to the same page, where there is one.
 * @param {MouseEvent} event of a click on `link`
 * @param {HTMLAnchorElement} link
 */
export function stayInSession(event, link) {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const path = new URL(link.href).pathname;
  const links = [...document.querySelectorAll('a[data-testid="stTopNavLink"]')];
  const same = links.find((candidate) => new URL(candidate.href).pathname === path);
  if (!same) return;
  event.preventDefault();
  same.click();
}
