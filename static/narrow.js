/* A box before every long list of the desk that narrows it, by words with or without their marks. What is chosen and
   posted is what the list itself holds: without a script it stands there alone. */
(() => {
  "use strict";
  const drawn = document.getElementById("narrow");
  if (!drawn) return;
  const LONG = 20; // fewer are seen at a glance
  const MOST_SHOWN = 8;

  const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const split = (words) => fold(words).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  // Each typed word begins a word of the name.
  const fits = (name, typed) => typed.every((word) => split(name).some((one) => one.startsWith(word)));

  const draw = (list, name) => {
    const frame = drawn.content.firstElementChild.cloneNode(true);
    const typed = frame.querySelector("input");
    const said = frame.querySelector("[role=status]");
    typed.setAttribute("aria-label", `${typed.placeholder}: ${name}`);
    list.before(frame);
    frame.append(list);
    const say = (count, chosen) => {
      frame.toggleAttribute("data-none", count === 0);
      const found = `${count} ${said.dataset.found}${chosen ? `, ${said.dataset.chosen}: ${chosen}` : ""}`;
      said.textContent = count ? found : count === 0 ? said.dataset.none : "";
    };
    return { frame, typed, say };
  };

  const ofOne = (select) => {
    const { frame, typed, say } = draw(select, select.labels[0].textContent.trim());
    const all = [...select.options];
    const groups = [...select.querySelectorAll("optgroup")];
    let held = select.value; // chosen by hand, or before anything was typed
    const show = (seen) => {
      all.forEach((option) => { option.hidden = option.disabled = !seen.includes(option); });
      groups.forEach((group) => { group.hidden = !group.querySelector("option:not([hidden])"); });
    };
    const choose = (option) => {
      const before = select.value;
      select.selectedIndex = all.indexOf(option);
      if (select.value !== before) select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const found = () => all.filter((option) => option.value && fits(option.text, split(typed.value)));
    // The shortest of those that begin with the typed words, else of all.
    const best = (seen) => {
      const rank = (option) => (fold(option.text).startsWith(fold(typed.value).trim()) ? 0 : 1e3) + option.text.length;
      return [...seen].sort((one, other) => rank(one) - rank(other))[0];
    };
    const kept = () => all.find((option) => option.value === held);
    const close = () => { typed.value = ""; show(all); select.removeAttribute("size"); say(); };
    const narrow = () => {
      if (!split(typed.value).length) { close(); choose(kept()); return; }
      const seen = found();
      show(seen);
      choose(seen.includes(kept()) ? kept() : best(seen));
      const lines = seen.length + groups.filter((group) => !group.hidden).length;
      if (lines) select.size = Math.min(MOST_SHOWN, Math.max(2, lines)); else select.removeAttribute("size");
      say(seen.length, select.selectedOptions[0] && select.selectedOptions[0].text);
    };
    const take = () => { held = select.value; close(); };
    typed.addEventListener("input", narrow);
    select.addEventListener("change", (event) => { if (event.isTrusted) held = select.value; });
    typed.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const seen = found();
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault(); // the list is chosen from, nothing is sent
        if (seen.length && typed.value) { take(); select.focus(); }
      } else if (step && split(typed.value).length && seen.length) {
        event.preventDefault();
        choose(seen[Math.min(Math.max(seen.indexOf(all[select.selectedIndex]) + step, 0), seen.length - 1)]);
        held = select.value;
        say(seen.length, select.selectedOptions[0].text);
      }
    });
    select.addEventListener("click", (event) => { if (select.size > 1 && event.target.matches("option")) { take(); select.focus(); } });
    select.addEventListener("keydown", (event) => { if (select.size > 1 && event.key === "Enter") { event.preventDefault(); take(); } });
    frame.addEventListener("focusout", (event) => {
      if (!frame.contains(event.relatedTarget) && !frame.hasAttribute("data-none")) take();
    });
  };

  const ofSeveral = (list) => {
    const { typed, say } = draw(list, list.closest("fieldset").querySelector("legend").textContent.trim());
    const labels = [...list.querySelectorAll("label")];
    typed.addEventListener("input", () => {
      const words = split(typed.value);
      const seen = labels.filter((label) => fits(label.textContent, words));
      labels.forEach((label) => { label.hidden = !seen.includes(label) && !label.querySelector("input").checked; });
      say(words.length ? seen.length : undefined);
    });
    typed.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault(); });
  };

  document.querySelectorAll(".act select").forEach((select) => { if (select.options.length > LONG) ofOne(select); });
  document.querySelectorAll(".act fieldset .options").forEach((list) => { if (list.children.length > LONG) ofSeveral(list); });

  // Words that name nothing in the list choose nothing: the form waits until they are mended.
  document.addEventListener("submit", (event) => {
    const none = event.target.querySelector("[data-none] select");
    if (!none) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    none.closest("[data-none]").querySelector("input").focus();
  }, true);
})();
