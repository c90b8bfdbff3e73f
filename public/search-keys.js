// "/" and Ctrl+K or ⌘K lead to the search, and on its page into its field.
addEventListener("keydown", (event) => {
  const held = event.ctrlKey || event.metaKey;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const asked = event.key === "/" ? !held && !event.altKey && !typing : event.key === "k" && held && !event.altKey && !event.shiftKey;
  const link = asked && document.getElementById("to-search");
  if (link) {
    event.preventDefault();
    const field = document.querySelector('form[action="/search"] input[type="search"]');
    if (field) {
      field.focus();
      field.select();
    } else {
      link.click();
    }
  }
});
