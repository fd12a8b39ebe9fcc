// The leaders' screen: puts new tiles in place as the server sends them, and turns over its lists
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
  const shown = () => place.querySelector(".cockpit-updated");
  const put = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const updated = fresh.querySelector(".cockpit-updated");
    if (updated) {
      shown().textContent = updated.textContent;
      shown().dataset.version = updated.dataset.version;
    }
    for (const tile of fresh.querySelectorAll("[data-tile]")) {
      const old = place.querySelector(`[data-tile="${tile.dataset.tile}"]`);
      if (!old || old.innerHTML === tile.innerHTML) continue;
      old.replaceChildren(...tile.childNodes);
      old.setAttribute("data-changed", "");
      setTimeout(() => old.removeAttribute("data-changed"), 2500);
    }
  };

  // All of them, where the stream cannot say what is new since those that are shown.
  let isFetching = false;
  let isWanted = false;
  const fetchAll = async () => {
    if (isFetching) return (isWanted = true);
    isFetching = true;
    try {
      const answer = await fetch(cockpit.dataset.tiles, { headers: { Accept: "text/html" } });
      if (answer.status === 401 || answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      put(await answer.text());
    } catch {
      setTimeout(fetchAll, 5000);
    } finally {
      isFetching = false;
      if (isWanted) {
        isWanted = false;
        fetchAll();
      }
    }
  };
  const source = new EventSource(cockpit.dataset.events);
  source.addEventListener("version", (event) => {
    if (event.data !== shown().dataset.version) fetchAll();
  });
  source.addEventListener("tiles", (event) => {
    const end = event.data.indexOf("\n");
    if (event.data.slice(0, end) !== shown().dataset.version) return fetchAll();
    put(event.data.slice(end + 1));
  });
})();
