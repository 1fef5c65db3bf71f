// Ask the browser for a camera without the question that a person would have to answer.
const told = new WeakMap();

export default function (component) {
  const { parentElement, setStateValue } = component;
  look().then((found) => {
    if (told.get(parentElement) === found || !parentElement.isConnected) return;
    told.set(parentElement, found);
    setStateValue("found", found);
  });
}

async function look() {
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return "unsupported";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.some(({ kind }) => kind === "videoinput") ? "here" : "missing";
}
