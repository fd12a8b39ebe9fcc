// Everything here only improves a page that works without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);

  // Light or dark: a cookie, so that the server can send the right page at once.
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  for (const button of all("[data-theme-toggle]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `shuzhi_theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    });
  }

  // Menus close on a click elsewhere and on Escape.
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A filter applies as soon as it is chosen.
  for (const select of all("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  // On a telephone a list's filters are folded behind a button, which says how many are chosen.
  const fold = one("template[data-fold]");
  for (const form of all("form.table-filter")) {
    const filters = all(".tool-filter select", form);
    const hasSearch = form.querySelector("[type=search]");
    form.dataset.folds = "";
    if (!fold || !filters.length || (filters.length < 2 && !hasSearch)) continue;
    const button = fold.content.firstElementChild.cloneNode(true);
    const chosen = filters.filter((select) => select.value).length;
    if (chosen) button.append(` (${chosen})`);
    form.insertBefore(button, filters[0].closest(".tool-filter"));
    form.classList.add("folded");
    button.addEventListener("click", () => {
      button.setAttribute("aria-expanded", String(!form.classList.toggle("folded")));
    });
  }
  // The entry of the page shows, where the navigation is a strip.
  const entry = one(".side [aria-current]");
  const strip = one(".side");
  if (entry && strip.scrollWidth > strip.clientWidth) {
    strip.scrollLeft = entry.offsetLeft - (strip.clientWidth - entry.offsetWidth) / 2;
  }
  // An empty search or filter need not stand in the address.
  for (const form of all("form.table-filter, form.top-search")) {
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
  }

  // A slider beside a number: both say the same, and letting go asks the server.
  for (const slider of all("input[data-slider]")) {
    const field = document.getElementById(slider.dataset.slider);
    slider.hidden = false;
    slider.value = field.value;
    slider.addEventListener("input", () => { field.value = slider.value; });
    slider.addEventListener("change", () => field.form.requestSubmit());
    field.addEventListener("input", () => { slider.value = field.value; });
  }

  for (const button of all("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!confirm(button.dataset.confirm)) event.preventDefault();
    });
  }

  // A second click on a slow form does not send it twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  const errors = one("[data-focus]");
  if (errors) errors.focus();

  for (const close of all("[data-toast-close]")) {
    close.addEventListener("click", (event) => {
      event.preventDefault();
      close.closest("[data-toast]").remove();
    });
  }
  // Back to a form keeps what was typed only through the browser's own memory.
  for (const link of all("[data-back]")) {
    link.addEventListener("click", (event) => {
      if (history.length < 2) return;
      event.preventDefault();
      history.back();
    });
  }

  // A place to drop a file. The size is checked before anything is sent.
  const size = (bytes) =>
    bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  for (const drop of all("[data-drop]")) {
    const input = drop.querySelector("input[type=file]");
    const output = drop.querySelector("output");
    const show = () => {
      const file = input.files[0];
      const isTooLarge = file && file.size > Number(input.dataset.bytesMax);
      input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
      output.textContent = !file ? "" : isTooLarge ? input.dataset.tooLarge : `${file.name} · ${size(file.size)}`;
    };
    input.addEventListener("change", show);
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.add("drop-over");
      });
    }
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("drop-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      show();
    });
  }

  // A large file shows how much of it has been sent.
  for (const form of all("form[enctype='multipart/form-data']")) {
    form.addEventListener("submit", (event) => {
      const file = all("input[type=file]", form).map((input) => input.files[0]).find(Boolean);
      if (!file || file.size < 4194304 || event.defaultPrevented) return;
      event.preventDefault();
      const bar = document.createElement("progress");
      bar.max = file.size;
      form.append(bar);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (sent) => (bar.value = sent.loaded));
      request.addEventListener("load", () => {
        if (request.status < 400) return location.assign(request.responseURL);
        document.open();
        document.write(request.responseText);
        document.close();
      });
      request.addEventListener("error", () => {
        bar.remove();
        delete form.dataset.sent;
      });
      request.send(new FormData(form));
    });
  }

  // A running job: the server makes the sentences, this puts them in place.
  for (const section of all("[data-poll]")) {
    const bar = section.querySelector("progress");
    const follow = async () => {
      try {
        const answer = await fetch(section.dataset.poll, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const status = await answer.json();
        if (status.total > 0) {
          bar.max = status.total;
          bar.value = status.done;
        }
        section.querySelector("[data-figures]").textContent = status.figures;
        section.querySelector("[data-note]").textContent = status.note;
        if (["done", "cancelled", "parked"].includes(status.state)) {
          if (status.next) location.assign(status.next);
          else location.reload();
          return;
        }
        setTimeout(follow, 1000);
      } catch {
        setTimeout(follow, 5000);
      }
    };
    setTimeout(follow, 1000);
  }

  // Keys, never while somebody is typing.
  const help = one("dialog[data-keys]");
  const openHelp = () => help && help.showModal && help.showModal();
  for (const button of all("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  }
  const rows = () => all("a.row-link");
  const move = (by) => {
    const links = rows();
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  };
  const follow = (selector) => {
    const link = one(selector);
    if (link) link.click();
  };
  // Single keys can be switched off (WCAG 2.1.4); the choice stays in this browser.
  const stored = (change) => {
    try {
      if (change !== undefined) localStorage.setItem("shuzhi_keys", change);
      return localStorage.getItem("shuzhi_keys");
    } catch {
      return null;
    }
  };
  const keysOn = one("[data-keys-on]");
  if (keysOn) {
    keysOn.checked = stored() !== "off";
    keysOn.addEventListener("change", () => stored(keysOn.checked ? "on" : "off"));
  }
  let before = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || (help && help.open)) return;
    if (stored() === "off" && event.key !== "?") return;
    const isSecond = before === "g";
    before = event.key === "g" && !isSecond ? "g" : "";
    if (isSecond) {
      event.preventDefault();
      return follow(event.key === "h" ? "a.brand" : `[data-go="${CSS.escape(event.key)}"]`);
    }
    const focus = (selector) => one(selector)?.focus();
    const actions = {
      "/": () => focus(one("[data-key='/']") ? "[data-key='/']" : "[data-key='s']"),
      s: () => focus("[data-key='s']"),
      "?": openHelp,
      j: () => move(1),
      k: () => move(-1),
      u: () => follow("[data-undo]"),
      "[": () => follow(".pager a[rel=prev]"),
      "]": () => follow(".pager a[rel=next]"),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
})();
