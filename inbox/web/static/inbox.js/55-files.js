/* Files can be pasted and dropped, and the chosen ones are named, each with a way to leave it out. Without it the browser's own
   field takes them. */
(() => {
  "use strict";
  const listOf = (field) => field.closest(".enclosing")?.querySelector(".enclosed");

  const put = (field, files) => {
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    field.files = all.files;
    show(field);
  };

  const show = (field) => {
    const list = listOf(field);
    if (!list) return;
    list.replaceChildren(...[...field.files].map((file) => named(field, file, list.dataset.away)));
    list.hidden = !field.files.length;
  };

  const named = (field, file, away) => {
    const [item, name, button] = ["li", "bdi", "button"].map((one) => document.createElement(one));
    name.textContent = file.name;
    button.type = "button";
    button.className = "away";
    button.setAttribute("aria-label", away.replace("{name}", file.name));
    button.addEventListener("click", () => {
      put(field, [...field.files].filter((one) => one !== file));
      field.focus();
    });
    item.append(name, button);
    return item;
  };

  const enclose = (form, files) => {
    const field = form?.querySelector('input[type="file"]');
    if (!field || !files.length) return false;
    put(field, [...field.files, ...files]);
    return true;
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches?.('.enclosing input[type="file"]')) show(event.target);
  });
  document.addEventListener("reset", (event) => {
    setTimeout(() => event.target.querySelectorAll('input[type="file"]').forEach(show));
  });

  const over = (event) => event.target.closest?.(".writing, .trying.new");
  document.addEventListener("paste", (event) => {
    if (over(event) && enclose(over(event), event.clipboardData?.files ?? [])) event.preventDefault();
  });
  document.addEventListener("dragover", (event) => {
    if (!over(event) || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    over(event).classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => over(event)?.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    if (!over(event)) return;
    over(event).classList.remove("dropping");
    if (enclose(over(event), event.dataTransfer.files)) event.preventDefault();
  });

  /* A page that the browser brings back may have files in its field still. */
  const look = () => document.querySelectorAll('.enclosing input[type="file"]').forEach(show);
  document.addEventListener("DOMContentLoaded", look);
  document.addEventListener("htmx:after:swap", look);
})();
