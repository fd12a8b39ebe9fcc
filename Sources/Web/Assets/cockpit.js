// The leaders' screen: puts new tiles in place when the server says that something changed, and turns over its lists
// while nobody touches it. Everything is on the page without this.
(() => {
  "use strict";
  const cockpit = document.querySelector("[data-cockpit]");
  if (!cockpit) return;
  const place = cockpit.querySelector("[data-place]");
  cockpit.classList.add("cockpit-live");

  // Turning over. Whoever touches the screen stops it for a minute; the button stops it for good.
  const turnSeconds = 12;
  const restMilliseconds = 60000;
  let at = 0;
  let touched = 0;
  let isPaused = false;
  const lists = () => Array.from(place.querySelectorAll("[data-rotate]"));
  const show = () => {
    const all = lists();
    all.forEach((tile, index) => tile.toggleAttribute("data-shown", index === at % all.length));
  };
  for (const name of ["pointerdown", "pointermove", "keydown", "focusin", "wheel"]) {
    addEventListener(name, () => (touched = Date.now()), { passive: true });
  }
  setInterval(() => {
    if (isPaused || Date.now() - touched < restMilliseconds) return;
    at += 1;
    show();
  }, turnSeconds * 1000);
  const button = cockpit.querySelector("[data-pause]");
  button.hidden = false;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    [button.textContent, button.dataset.play] = [button.dataset.play, button.textContent];
    button.setAttribute("aria-pressed", String(isPaused));
  });
  show();

  // New tiles. Only what differs is replaced, and shines for a moment.
  let isFetching = false;
  let isWanted = false;
  const renew = async () => {
    if (isFetching) return (isWanted = true);
    isFetching = true;
    try {
      const answer = await fetch(cockpit.dataset.tiles, { headers: { Accept: "text/html" } });
      if (answer.status === 401 || answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const updated = fresh.querySelector(".cockpit-updated");
      if (updated) place.querySelector(".cockpit-updated").textContent = updated.textContent;
      for (const tile of fresh.querySelectorAll("[data-tile]")) {
        const old = place.querySelector(`[data-tile="${tile.dataset.tile}"]`);
        if (!old || old.innerHTML === tile.innerHTML) continue;
        old.replaceChildren(...tile.childNodes);
        old.setAttribute("data-changed", "");
        setTimeout(() => old.removeAttribute("data-changed"), 2500);
      }
    } catch {
      setTimeout(renew, 5000);
    } finally {
      isFetching = false;
      if (isWanted) {
        isWanted = false;
        renew();
      }
    }
  };
  let version = "";
  const source = new EventSource(cockpit.dataset.events);
  source.addEventListener("change", (event) => {
    if (event.data === version) return;
    const isFirst = version === "";
    version = event.data;
    if (!isFirst) renew();
  });
})();
