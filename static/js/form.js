// What forms gain from a script: show the password, go on when a code is pasted, copy, print, no double sending,
// a countdown, times in the reader's own zone. Every page is complete without it.

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

each("[data-needs-script]", (element) => { element.hidden = false; });

// Show and hide a password. The field is a password again before it is sent, so that managers see it.
each("button[data-show]", (button) => {
  const field = document.getElementById(button.dataset.show);
  const set = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.on : button.dataset.off;
    button.setAttribute("aria-label", shown ? button.dataset.onLabel : button.dataset.offLabel);
  };
  button.hidden = false;
  button.addEventListener("click", () => set(field.type === "password"));
  field.form.addEventListener("submit", () => set(false));
});

// Six digits that arrive in one insertion (pasted or filled in) go on by themselves; typing never does.
each("input[data-code]", (field) => {
  let before = "";
  field.addEventListener("beforeinput", () => { before = field.value; });
  field.addEventListener("input", () => {
    const digits = field.value.replace(/[\s-]/g, "");
    if (before === "" && /^\p{Nd}{6}$/u.test(digits)) field.form.requestSubmit();
    before = field.value;
  });
});

// Print.
each("button[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// Copy, a list line by line; where the clipboard is closed, select the text instead.
const words = (element) => element.textContent.trim();
const text = (from) => (from.matches("ol, ul") ? [...from.children].map(words).join("\n") : words(from));
each("button[data-copy]", (button) => {
  const from = document.getElementById(button.dataset.copy);
  const shown = button.querySelector("span");
  const label = shown.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text(from));
      shown.textContent = button.dataset.done;
      setTimeout(() => { shown.textContent = label; }, 2000);
    } catch {
      getSelection().selectAllChildren(from);
    }
  });
});

// A form is sent once. The server stands by this with its step number; here it is only said.
each("form", (form) => {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    const button = event.submitter;
    // After the browser has read the form, so that the button's own value is sent.
    setTimeout(() => {
      if (!button) return;
      button.dataset.label = button.textContent;
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.busy) button.textContent = button.dataset.busy;
    });
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    form.querySelectorAll("[aria-disabled]").forEach((button) => {
      button.removeAttribute("aria-disabled");
      button.textContent = button.dataset.label;
    });
  });
});

// Counts down in words that nobody reads aloud, and announces only the end.
each("[role=timer][data-seconds]", (timer) => {
  const end = performance.now() + Number(timer.dataset.seconds) * 1000;
  timer.setAttribute("aria-live", "off");
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      timer.setAttribute("aria-live", "polite");
      timer.textContent = timer.dataset.over;
      return;
    }
    const long = left > 120;
    timer.textContent = (long ? timer.dataset.minute : timer.dataset.second).replace("{n}", long ? Math.ceil(left / 60) : left);
    setTimeout(tick, 1000);
  };
  tick();
});

// Times in the reader's own zone, with the zone's name.
each("time[data-time]", (time) => {
  const lang = document.documentElement.lang;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  const day = { day: "numeric", month: "long", year: "numeric" };
  try {
    const at = new Date(time.dateTime);
    const locale = lang === "en" ? "en-GB" : lang;
    const hour = new Intl.DateTimeFormat(locale, clock).format(at);
    time.textContent = time.dataset.time === "clock" ? hour : `${new Intl.DateTimeFormat(locale, day).format(at)}, ${hour}`;
  } catch {
    // The server's words stay.
  }
});
