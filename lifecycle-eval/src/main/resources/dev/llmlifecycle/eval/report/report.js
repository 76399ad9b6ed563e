
(function () {
    "use strict";
    var form = document.getElementById("filter");
    var rows = Array.prototype.slice.call(document.querySelectorAll("#rows tbody tr"));
    var metric = document.getElementById("metric");
    var words = document.getElementById("words");
    var shown = document.getElementById("shown");

    var choices = Array.prototype.slice.call(form.querySelectorAll("input[name=change]"));

    function is(row, change) {
        return change === "all" || row.getAttribute("data-change-" + (metric ? metric.value : "0")) === change;
    }

    function apply() {
        var change = choices.filter(function (choice) { return choice.checked; })[0].value;
        var text = words.value.trim().toLowerCase();
        var count = 0;
        rows.forEach(function (row) {
            var fits = is(row, change)
                && (text === "" || row.textContent.toLowerCase().indexOf(text) >= 0);
            row.hidden = !fits;
            count += fits ? 1 : 0;
        });
        choices.forEach(function (choice) {
            choice.nextElementSibling.textContent =
                rows.filter(function (row) { return is(row, choice.value); }).length;
        });
        shown.textContent = count + " of " + rows.length + " examples";
    }

    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", apply);
    choices[0].checked = true;
    form.hidden = false;
    apply();
    document.documentElement.setAttribute("data-script", "on");
})();
