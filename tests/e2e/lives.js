// Put into a page before anything else: follows every component of ours, and whatever it takes hold of beyond its place.
(() => {
  const LATE_MS = 200; // a script that takes its time, so that Streamlit calls again while it loads
  const mounted = new Map(); // place -> {name, mount, component, last}
  const held = { streams: new Set(), observers: new Set(), listeners: new Map(), intervals: new Set() };
  const isOurs = () => new Error().stack.includes("/api/components/");

  window.glasshouseLives = { mounted, held };
  window.glasshouseFollow = (mount) => (component) => {
    const { parentElement: place, name } = component;
    const life = mounted.get(place) ?? { name };
    const mine = mount(component);
    Object.assign(life, { mount, component, last: mine, isAgain: false });
    mounted.set(place, life);
    return () => {
      const isLast = life.isAgain || life.last === mine;
      (isLast ? life.last : mine)?.();
      if (isLast) mounted.delete(place);
    };
  };

  const RealBlob = window.Blob;
  window.Blob = class extends RealBlob {
    constructor(parts = [], options = {}) {
      const [code] = parts;
      const isScript = options.type === "text/javascript" && typeof code === "string" && code.includes("export default");
      super(isScript ? [followed(code)] : parts, options);
    }
  };
  const followed = (code) =>
    `await new Promise((done) => setTimeout(done, ${LATE_MS}));\n` +
    `${code.replace("export default", "const glasshouseMount =")}`.replace(
      "\n//# sourceURL", "\nexport default window.glasshouseFollow(glasshouseMount);\n//# sourceURL",
    );

  const RealSource = window.EventSource;
  window.EventSource = class extends RealSource {
    constructor(...all) {
      super(...all);
      held.streams.add(this);
    }
    close() {
      held.streams.delete(this);
      super.close();
    }
  };
  for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
    const Real = window[name];
    window[name] = class extends Real {
      observe(...all) {
        if (isOurs()) held.observers.add(this);
        super.observe(...all);
      }
      disconnect() {
        held.observers.delete(this);
        super.disconnect();
      }
    };
  }
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    const key = (name, heard) => `${name} ${identity(heard)}`;
    target.addEventListener = (name, heard, ...rest) => {
      if (isOurs()) held.listeners.set(key(name, heard), name);
      addEventListener.call(target, name, heard, ...rest);
    };
    target.removeEventListener = (name, heard, ...rest) => {
      held.listeners.delete(key(name, heard));
      removeEventListener.call(target, name, heard, ...rest);
    };
  }
  const identities = new WeakMap();
  let last = 0;
  const identity = (heard) => identities.get(heard) ?? (identities.set(heard, ++last), last);
  const { setInterval: begin, clearInterval: end } = window;
  window.setInterval = (...all) => {
    const id = begin(...all);
    if (isOurs()) held.intervals.add(id);
    return id;
  };
  window.clearInterval = (id) => {
    held.intervals.delete(id);
    end(id);
  };

  /** How many of each are held now. */
  window.glasshouseHeld = () => Object.fromEntries(Object.entries(held).map(([name, all]) => [name, all.size]));

  /** What each component has drawn: its name, and how many elements of which kind. */
  window.glasshouseDrawn = () =>
    [...mounted]
      .filter(([place]) => (place.host ?? place).isConnected)
      .map(([place, { name }]) => {
        const kinds = {};
        for (const { tagName } of place.querySelectorAll("*")) kinds[tagName] = (kinds[tagName] ?? 0) + 1;
        return `${name} ${JSON.stringify(Object.entries(kinds).sort())}`;
      })
      .sort();

  /** Call every component again as Streamlit does while a script loads; `early`: the first call is cleaned up at once. */
  window.glasshouseAgain = async (early) => {
    for (const life of mounted.values()) {
      const first = life.mount(life.component);
      if (early) first?.();
      life.last = life.mount(life.component);
      await Promise.resolve();
      if (!early) first?.();
      life.last = life.mount(life.component);
      life.isAgain = true;
    }
  };
})();
