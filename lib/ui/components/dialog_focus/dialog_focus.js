// A button that is disabled loses the focus. The dialog keeps it meanwhile, and the button gets it back.
export default function ({ parentElement }) {
  const host = parentElement.host ?? parentElement;
  const dialog = host.closest('[role="dialog"]');
  if (!dialog) return;
  host.closest('[data-testid="stElementContainer"]').style.position = "absolute"; // takes up no gap
  let last = null;
  const remember = ({ target }) => {
    if (target !== dialog) last = target;
  };
  const restore = () => {
    const now = document.activeElement;
    const lost = now === document.body || now === dialog || now.disabled;
    if (lost && last?.isConnected) (last.disabled ? dialog : last).focus({ preventScroll: true });
  };
  dialog.addEventListener("focusin", remember);
  const sleepers = new MutationObserver(restore);
  sleepers.observe(dialog, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
  return () => {
    dialog.removeEventListener("focusin", remember);
    sleepers.disconnect();
  };
}
