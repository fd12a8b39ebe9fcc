// Steps a map through months: the slider and the two buttons set the form's dates and ask for the page again.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-months]")) {
    const months = JSON.parse(box.dataset.months);
    const form = box.closest("form");
    const slider = box.querySelector("input[type=range]");
    const output = box.querySelector("output");
    const [from, to] = ["from", "to"].map((name) => form.elements[name]);
    if (!slider || !months.length) continue;
    box.hidden = false;
    slider.max = String(months.length - 1);
    const chosen = months.findIndex((month) => month.from === from.value && month.to === to.value);
    slider.value = String(chosen < 0 ? months.length - 1 : chosen);
    const show = () => {
      const month = months[Number(slider.value)];
      output.textContent = month.title;
      slider.setAttribute("aria-valuetext", month.title);
    };
    const go = () => {
      const month = months[Number(slider.value)];
      from.value = month.from;
      to.value = month.to;
      sessionStorage.setItem("months-focus", "1");
      form.requestSubmit();
    };
    show();
    if (chosen < 0) output.textContent = "";
    slider.addEventListener("input", show);
    slider.addEventListener("change", go);
    for (const button of box.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => {
        const next = Number(slider.value) + Number(button.dataset.step);
        if (next < 0 || next >= months.length) return;
        slider.value = String(next);
        go();
      });
    }
    // Somebody who steps with the keyboard stays where they were.
    if (sessionStorage.getItem("months-focus")) {
      sessionStorage.removeItem("months-focus");
      slider.focus({ preventScroll: true });
    }
  }
})();
