/* The desk by keyboard, and drafts that keep themselves. Every page works without it.
   Keys of one letter never act while one types, and each person can turn them off (the dialog under "?"). */
(() => {
  "use strict";
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const on = dialog.dataset.singleKeys === "on";
  document.documentElement.dataset.keys = on ? "on" : "off";

  const opener = document.querySelector("[data-open-keys]");
  const here = dialog.querySelector("[data-keys-here]");
  const explain = () => {
    here.replaceChildren(...[...document.querySelectorAll("main [data-key]")].flatMap((element) => {
      const name = element.cloneNode(true);
      name.querySelectorAll("kbd").forEach((key) => key.remove());
      const key = document.createElement("kbd");
      key.textContent = element.dataset.key;
      const term = document.createElement("dt");
      term.append(key);
      const what = document.createElement("dd");
      what.textContent = name.textContent.trim();
      return [term, what];
    }));
    dialog.showModal();
  };
  opener.hidden = false;
  opener.addEventListener("click", explain);

  // --- rows: of the list, or of the margin when it was chosen by "g" ---
  const rows = [...document.querySelectorAll("[data-row]")];
  const lists = [...document.querySelectorAll(".rail li a")];
  const unfold = () => {
    const sheet = document.querySelector(".rail [popover]");
    if (sheet && !sheet.offsetWidth && sheet.showPopover) sheet.showPopover();
  };
  const at = () => document.activeElement;
  const go = (step) => {
    const among = lists.includes(at()) ? lists : rows;
    const row = at().closest && at().closest("li, tr");
    const now = among.findIndex((link) => link === at() || (row && row.contains(link)));
    const next = among[now < 0 ? 0 : Math.min(Math.max(now + step, 0), among.length - 1)];
    if (next) next.focus();
    return Boolean(next);
  };

  // Whoever comes back to a list finds himself at the line that he left: there now stands the next one.
  const PLACE = "row";
  const keepPlace = () => {
    const row = at().closest("li, tr");
    const number = rows.findIndex((link) => link === at() || (row && row.contains(link)));
    try { if (number >= 0) sessionStorage.setItem(PLACE, String(number)); } catch { /* private window */ }
  };
  rows.forEach((link) => link.addEventListener("click", keepPlace));
  try {
    const place = sessionStorage.getItem(PLACE);
    if (place !== null && rows.length) {
      sessionStorage.removeItem(PLACE);
      rows[Math.min(Number(place), rows.length - 1)].focus();
    }
  } catch { /* private window */ }

  // --- a form: opened, its first field in hand ---
  const FIELD = "input:not([type=hidden]), select, textarea, button";
  const enter = (form) => {
    const first = form && form.querySelector(FIELD);
    if (first) first.focus();
  };
  if (new URLSearchParams(location.search).has("lam") || document.querySelector(".act [data-wrong]")) {
    // After the browser has gone to the fragment, which would take the focus away again.
    window.addEventListener("load", () => setTimeout(() => enter(document.querySelector(".act[open]:not([data-asks]) form"))));
  }

  const press = (key) => {
    const element = document.querySelector(`main [data-key="${CSS.escape(key)}"]`);
    if (!element) return false;
    if (element.matches("summary")) {
      element.parentElement.open = true;
      // Of a question every button is an answer: a key that is typed on presses none of them.
      if (element.parentElement.matches("[data-asks]")) element.focus();
      else enter(element.parentElement.querySelector("form"));
    } else {
      element.click();
    }
    return true;
  };
  const pick = (number) => {
    const row = at().closest("li, tr, form");
    const near = row && row.querySelector("[data-pick]") ? row : rows.length ? null : document.querySelector(".picks");
    const button = near && near.querySelectorAll("[data-pick]")[number - 1];
    if (button) { keepPlace(); button.click(); }
    return Boolean(button);
  };

  const typing = (element) => element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
  // A Vietnamese input method may hide the letter behind "Process": then the key's place says it.
  const letter = (event) => event.key.length === 1 ? event.key.toLowerCase() : (/^Key([A-Z])$/.exec(event.code) || ["", ""])[1].toLowerCase();

  document.addEventListener("keydown", (event) => {
    if (dialog.open || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      // Only the form that one is in: elsewhere the first press leads into it, and nothing is sent by a slip.
      const form = at().closest("form");
      const main = form && form.querySelector("[data-submit]");
      if (main && !main.disabled) { event.preventDefault(); main.click(); }
      else if (!form) enter(document.querySelector(".act.main[open] form"));
      return;
    }
    if (event.ctrlKey || event.metaKey || typing(event.target)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const inRows = rows.includes(at()) || lists.includes(at());
      const nowhere = at() === document.body || at().id === "messages";
      if ((inRows || (rows.length && nowhere)) && go(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      return;
    }
    if (!on) return;
    const key = letter(event);
    let done = false;
    if (key === "?") { explain(); done = true; }
    else if (key === "/") { const box = document.querySelector("[data-filter]"); if (box) { box.focus(); done = true; } }
    else if (key === "g") { const current = document.querySelector(".rail li a[aria-current]") || lists[0]; if (current) { unfold(); current.focus(); done = true; } }
    else if (key >= "1" && key <= "9") done = pick(Number(key));
    else if (key === "j" || key === "k") done = (rows.length || lists.includes(at())) ? go(key === "j" ? 1 : -1) : press(key);
    else if (key) done = press(key);
    if (done) event.preventDefault();
  });

  // --- where two sub-fields meet: the sentence about the one that is chosen, as soon as it is chosen ---
  document.querySelectorAll("[data-borders]").forEach((borders) => {
    const chosen = borders.closest("form").elements.subfield;
    const lines = [...borders.querySelectorAll("[data-border]")];
    const held = chosen.value;
    chosen.addEventListener("change", () => {
      const told = lines.filter((line) => line.dataset.border.split(" ").includes(chosen.value));
      const one = chosen.value !== held && told.length > 0;
      lines.forEach((line) => { line.hidden = one && !told.includes(line); });
      borders.open = one;
    });
  });

  // --- before publishing: a click on a doubtful piece hides it at once ---
  const BLACK = "▇▇▇";
  document.querySelectorAll("[data-redact]").forEach((side) => {
    const box = side.querySelector("textarea");
    const made = () => [...side.querySelectorAll("[data-piece]")].map((piece) => {
      const tick = piece.parentElement.querySelector("input");
      return tick && piece.parentElement.matches("label") && tick.checked ? BLACK : piece.textContent;
    }).join("");
    const drawn = () => side.querySelectorAll("[name^=drawn_]").forEach((told) => {
      told.disabled = !side.querySelector(`[name^=hide_][value="${told.value}"]`).checked;
    });
    let last = made();
    side.addEventListener("change", (event) => {
      if (!event.target.matches("input[type=checkbox]")) return;
      const words = event.target.parentElement.textContent;
      if (box.value === last || !box.value.trim()) { box.value = made(); drawn(); }
      else if (event.target.checked) box.value = box.value.replaceAll(words, BLACK);  // rewritten by hand: only ever hide more
      last = made();
    });
  });
  const black = document.querySelector("[data-black]");
  if (black) {
    let box = null;
    document.addEventListener("selectionchange", () => {
      const now = at();
      if (now.matches("[data-redact] textarea")) box = now;
      black.disabled = !box || box.selectionStart === box.selectionEnd;
    });
    black.hidden = false;
    black.disabled = true;
    black.addEventListener("click", () => box.setRangeText(BLACK, box.selectionStart, box.selectionEnd, "end"));
  }

  // --- before an answer is handed in: what seems empty in it is said once; words and chosen files stay here ---
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const box = form.querySelector("[data-warns]");
    const main = form.querySelector("[data-submit]");
    const warned = box.querySelector("[name=warned]");
    // Warned of is only what nothing is wrong with: what had to be mended has been. Files that were lost are said
    // until others are chosen.
    const forgive = () => form.querySelectorAll("[data-wrong], :scope > .wrong").forEach((part) => {
      const files = part.querySelector("[type=file]");
      if (files && !files.files.length) return;
      part.removeAttribute("data-wrong");
      (part.matches(".wrong") ? [part] : part.querySelectorAll(".wrong")).forEach((said) => said.remove());
      part.querySelectorAll("[aria-describedby$=_error]").forEach((box) => box.setAttribute("aria-describedby", box.getAttribute("aria-describedby").replace(/_error$/, "_helptext")));
    });
    const warn = (warns) => {
      forgive();
      box.querySelector("[data-warns-list]").replaceChildren(...warns.map(({ says }) => {
        const line = document.createElement("li");
        line.textContent = says;
        return line;
      }));
      warned.value = warns.map(({ key }) => key).join(" ");
      main.firstChild.textContent = box.dataset.anyway;
      form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
      box.hidden = false;
      box.focus();
    };
    // Between the press and the answer of what was asked first lies a moment in which one may press again.
    let asking = false;
    addEventListener("pageshow", () => { asking = false; });
    form.addEventListener("submit", async (event) => {
      if (asking) event.preventDefault();
      if (asking || event.submitter !== main) return;
      event.preventDefault();
      asking = true;
      const body = new FormData(form);
      body.append("weigh", body.getAll("files").map((file) => file.name).join(" "));
      body.delete("files");
      let warns = [];
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" } });
        if (answer.ok && answer.headers.get("Content-Type") === "application/json") warns = (await answer.json()).warns;
      } catch { /* the form itself says what is wrong */ }
      const told = warned.value.split(" ");
      if (warns.every(({ key }) => told.includes(key))) { form.submit(); return; }
      asking = false;
      warn(warns);
    });
  });

  // --- drafts: kept on the server a moment after the last letter, every few seconds, and when the page is left ---
  const WAIT_MS = 1500;
  const AT_MOST_MS = 5000;
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const said = form.querySelector("[data-draft-said]");
    let timer = 0;
    let since = 0; // when the first letter was typed that is not kept; 0: all are
    let running = null;
    const send = (how) => {
      const body = new FormData(form);
      body.delete("files");
      clearTimeout(timer);
      since = 0;
      return fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, ...how });
    };
    const keep = async () => {
      running = new AbortController();
      try {
        const answer = await send({ signal: running.signal });
        // Whoever was signed out meanwhile gets a page instead: the words stay here, and that is said.
        const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : { said: said.dataset.failed };
        said.textContent = told.said;
        said.toggleAttribute("data-unseen", Boolean(told.unseen));
      } catch (fault) {
        if (fault.name === "AbortError") return;
        since = since || Date.now();
        said.textContent = said.dataset.failed;
      }
      running = null;
    };
    form.addEventListener("input", () => {
      since = since || Date.now();
      clearTimeout(timer);
      timer = setTimeout(keep, Math.min(WAIT_MS, Math.max(0, since + AT_MOST_MS - Date.now())));
    });
    form.addEventListener("submit", () => { clearTimeout(timer); since = 0; if (running) running.abort(); running = null; });
    // What is on its way when the page is left may be broken off with it: it is sent again.
    addEventListener("pagehide", () => { if (since || running) send({ keepalive: true }).catch(() => {}); });
  });
})();
