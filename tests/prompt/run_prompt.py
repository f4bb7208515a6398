#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: run_prompt.py BANDSTAND [CASE...]

Types at the prompt through a pseudo-terminal and looks at what comes back.
"""
import os
import signal
import stat
import sys
import tempfile
import threading
import time

from terminal import CTRL_C, CTRL_D, ENTER, Failure, PROMPT, TAB, TIMEOUT, Terminal, UP, expect

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))

RULES = """
scale rag
  red   "Red"
  amber "Amber"
  green "Green"
end

input figures
  layout long
  entity column "area"
  period column "month"
  metric column "measure"
  value  column "figure"
end

metric visits percent

kpi visits "Visits in time"
  good is high
  bands rag as level, gaps to worse
    green 85+
    amber 70-84
    red   otherwise
  end
  status rag
    red   when level is red
    amber when level is amber
    green otherwise
  end
end
"""
DATA = """area,month,measure,figure
Sefton,2023-04,visits,88
Sefton,2023-05,visits,84
São Bento,2023-04,visits,72
São Bento,2023-05,visits,65
"""


def expect_in(text, whole):
    expect(text in whole, f"{text!r} is not in {whole[-2000:]!r}")


class Case:
    """A folder with rules and figures, and the terminals that were opened in it."""

    def __init__(self, folder):
        self.folder = folder
        self.terminals = []
        self.write("visits.rag", RULES)
        self.write("visits.csv", DATA)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path + ".new", "w", encoding="utf-8") as f:
            f.write(text)
        os.rename(path + ".new", path)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as f:
            return f.read()

    def open(self, *operands, **env):
        t = Terminal(BANDSTAND, self.folder, *operands, **env)
        self.terminals.append(t)
        return t

    def loaded(self, **env):
        return self.open("visits.rag", "visits.csv", **env)


# ---- typing -------------------------------------------------------------------------------------

def an_expression_is_answered(c):
    t = c.open()
    expect_in("85%\n", t.answer("17 as percent of 20"))
    expect_in("yes\n", t.answer("0.1 + 0.2 = 0.3"))
    t.leave()


def an_error_names_its_place_and_the_prompt_goes_on(c):
    t = c.loaded()
    said = t.answer("visitz + 1")
    expect_in("error B301", said)
    expect_in("did you mean `visits`", said)
    expect_in("3\n", t.answer("1 + 2"))
    expect_in("did you mean .kpis?", t.answer(".kpsi"))
    t.leave()


def figures_are_looked_at_where_at_points(c):
    t = c.loaded()
    expect_in("São Bento  2023-05  130%", t.answer("visits * 2"))
    expect_in("at Sefton, 2023-05", t.answer(".at Sefton 2023-05"))
    expect_in("\n168%\n", t.answer("visits * 2"))
    expect_in("every entity", t.answer(".at"))
    t.leave()


def a_declaration_goes_on_to_its_end(c):
    t = c.loaded()
    for line in ["kpi late", "  value 100% - visits", "  good is low", "  status rag",
                 "    red when value > 20 points", "    green otherwise", "  end"]:
        t.type(line + ENTER)
        t.wait("      ...> ")
    said = t.answer("end")
    expect_in("4 results", said)
    expect_in("2 red", said)
    t.leave()


def a_kpi_defined_anew_prints_what_flipped(c):
    t = c.loaded()
    kpi = RULES[RULES.index("kpi visits"):].strip().replace("85+", "80+").replace("70-84", "70-79")
    for line in kpi.split("\n")[:-1]:
        t.type(line + ENTER)
        t.wait("      ...> ")
    said = t.answer("end")
    expect_in("1 status changed: 1 from Amber to Green", said)
    expect_in("Sefton  2023-05", said)
    expect_in("1 declaration written", t.answer(".save tried.rag"))
    expect_in("green 80+", c.read("tried.rag"))
    t.leave()


def what_if_and_why_not(c):
    t = c.loaded()
    said = t.answer(".threshold visits.level.green=80")
    expect_in("1 from Amber to Green", said)
    expect_in("1 from Green to Amber", t.answer(".reset"))
    expect_in("Amber -> Red", t.answer(".set visits=3 Sefton 2023-05"))
    expect_in("Red -> Amber", t.answer(".reset"))
    expect_in("Amber: ", t.answer(".why visits Sefton 2023-05"))
    expect_in("visits.csv line 3", t.answer(".trace visits Sefton 2023-05"))
    t.leave()


# ---- completion ---------------------------------------------------------------------------------

def tab_completes_what_fits_the_place(c):
    t = c.loaded()
    expect_in("Visits in time", t.answer(".run vis" + TAB + "Sef" + TAB))
    expect_in("at São Bento", t.answer(".at S\u00e3" + TAB))
    t.type(".th" + TAB)
    t.wait(".threshold")
    expect_in("82%", t.answer("\025vis" + TAB + "+ 10 points"))  # Ctrl-U
    t.leave()


def several_candidates_are_listed(c):
    t = c.loaded()
    t.type(".t" + TAB)
    t.wait(".t")
    listed = t.wait(PROMPT)
    expect(all(name in listed for name in ["test", "threshold", "timer", "trace", "type"]), listed)
    expect_in("percent\n", t.answer("ype visits"))
    t.leave()


def files_are_completed(c):
    t = c.open()
    t.answer(".load visits.r" + TAB + "visits.c" + TAB)
    expect_in("1 Green", t.answer(".kpis"))
    t.leave()


# ---- history ------------------------------------------------------------------------------------

def the_history_outlives_the_session(c):
    t = c.open()
    t.answer("1 + 2")
    t.answer("3 + 4")
    t.answer("1 + 2")
    expect_in("\n7\n", t.answer(UP + UP))
    t.leave()
    t = c.open()
    expect_in("\n7\n", t.answer(UP))
    expect_in("\n3\n", t.answer(UP + UP))
    t.leave()
    path = os.path.join(c.folder, ".local/state/bandstand/history")
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")[:-1]
    expect(lines == ["3 + 4", "1 + 2"], f"each entry once, the latest last: {lines}")
    expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600, "the history is its owner's alone")
    expect(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700, "so is its folder")


def a_declaration_is_recalled_whole(c):
    t = c.loaded()
    lines = ["kpi late", "  good is high", "  value visits", "end"]
    for line in lines[:-1]:
        t.type(line + ENTER)
        t.wait("      ...> ")
    t.answer(lines[-1])
    said = t.answer(UP)
    expect_in("no status changed", said)
    t.leave()
    history = c.read(".local/state/bandstand/history")
    expect(history == "\\n".join(lines) + "\n", f"one entry: {history!r}")


def an_xdg_state_folder_is_used(c):
    state = os.path.join(c.folder, "state")
    t = c.open(XDG_STATE_HOME=state)
    t.answer("1 + 1")
    t.leave()
    expect(c.read("state/bandstand/history") == "1 + 1\n", "kept where XDG_STATE_HOME says")


def a_history_that_is_rubbish_does_no_harm(c):
    os.makedirs(os.path.join(c.folder, ".local/state/bandstand"))
    with open(os.path.join(c.folder, ".local/state/bandstand/history"), "wb") as f:
        f.write(b"\xff\xfe\x00\n1 + 1\n" + b"x" * 100000 + b"\n\\\n")
    t = c.open()
    t.type(UP + UP)
    expect_in("2\n", t.answer(""))
    t.leave()


# ---- pasting ------------------------------------------------------------------------------------

PASTED = """let enough = 80
kpi timely "Timely"
  value visits
  good is high
\tstatus rag
    green when value >= enough
    red otherwise
  end
end
1 + 1
"""


def a_pasted_block_waits_for_enter(c):
    t = c.loaded()
    t.type("\033[200~" + PASTED.replace("\n", "\r") + "\033[201~")
    t.wait("1 + 1")
    expect("4 results" not in t.text and "\n2\n" not in t.text, "nothing ran yet")
    said = t.answer("")
    expect_in("2\n", said)
    expect_in("Timely", t.answer(".show timely"))
    t.leave()


def a_block_typed_in_one_go_works_too(c):
    t = c.loaded()
    t.type(PASTED.replace("\t", "  ").replace("\n", ENTER))
    t.wait("\n2\n")
    t.wait(PROMPT)
    expect_in("Timely", t.answer(".show timely"))
    t.leave()


# ---- Ctrl-C and Ctrl-D --------------------------------------------------------------------------

def many_rows(n):
    return "area,month,measure,figure\n" + "".join(
        f"Area {i // 12},2023-{i % 12 + 1:02},visits,{i % 100}\n" for i in range(n))


def ctrl_c_drops_what_is_typed(c):
    t = c.loaded()
    t.type("1 + ")
    t.type(CTRL_C)
    t.wait("^C")
    t.wait(PROMPT)
    t.type("kpi half" + ENTER)
    t.wait("      ...> ")
    t.type(CTRL_C)
    t.wait(PROMPT)
    expect_in("\n2\n", t.answer("1 + 1"))
    t.leave()


def ctrl_c_stops_a_long_answer_and_keeps_the_session(c):
    c.write("many.csv", many_rows(24000))
    t = c.open("visits.rag", "many.csv")
    t.answer(".pager off")
    t.type(".run" + ENTER)
    t.wait("Area 1 ")  # the rest waits until it is read, so that the answer cannot end before
    t.type(CTRL_C)
    said = t.wait("stopped") + t.wait(PROMPT)
    expect("24000 results" not in said, "the answer was cut")
    expect_in("\n2\n", t.answer("1 + 1"))
    expect_in("Green", t.answer(".kpis"))
    t.leave()


def ctrl_c_stops_reading_and_keeps_what_was_loaded(c):
    pipe = os.path.join(c.folder, "endless.csv")
    os.mkfifo(pipe)
    t = c.loaded()
    stop = threading.Event()
    begun = threading.Event()

    def feed():
        with open(pipe, "w", encoding="utf-8") as f:
            try:
                f.write("area,month,measure,figure\n")
                for i in range(10 ** 9):
                    f.write(f"Area {i},2023-01,visits,1\n")
                    if i == 70000:
                        begun.set()
                    if stop.is_set():
                        return
            except BrokenPipeError:
                pass

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    t.type(".data endless.csv" + ENTER)
    expect(begun.wait(TIMEOUT), "the file is being read")
    t.type(CTRL_C)
    t.wait("stopped")
    t.wait(PROMPT)
    stop.set()
    feeder.join(TIMEOUT)
    expect_in("1 Green, 2 Amber, 1 Red", t.answer(".kpis"))
    t.leave()


def ctrl_d_leaves_the_terminal_as_it_was(c):
    t = c.open()
    before = None
    t.type(CTRL_D)
    expect(t.end() == 0, "status 0")
    expect(t.all.rstrip(b"\r\n").endswith(b"\033[?2004l") or b"\033[?2004l" in t.all[-40:],
           "pastes are no longer bracketed")
    del before
    t = c.open()
    t.type(".quit" + ENTER)
    expect(t.end() == 0, "status 0")


# ---- terminals ----------------------------------------------------------------------------------

def widest(text):
    return max(len(line) for line in text.split("\n"))


def tables_follow_the_window(c):
    t = c.loaded(columns=100)
    wide = t.answer(".run")
    t.resize(24, 44)
    narrow = t.answer(".run")
    expect(widest(narrow) <= 44 < widest(wide), f"{widest(narrow)} and {widest(wide)} columns")
    t.leave()


def a_narrow_terminal_takes_long_lines(c):
    t = c.loaded(columns=20, rows=6)
    expect_in("50\n", t.answer(" + ".join(["1"] * 50)))
    t.answer(".run")
    t.answer(".bands visits Sefton 2023-05")
    t.answer(".plot visits Sefton")
    t.type("visits is gre" + TAB + CTRL_C)
    t.wait(PROMPT)
    t.type("\033[200~" + PASTED.replace("\n", "\r") + "\033[201~")  # more lines than the window has
    expect_in("2\n", t.answer(""))
    t.type(UP + "\001" + "\005")
    expect_in("2\n", t.answer(""))
    t.leave()


def every_locale_has_an_ascii_prompt(c):
    for lang in ["C", "POSIX", "en_GB.ISO-8859-1", "C.UTF-8", "no_SUCH"]:
        t = c.loaded(LANG=lang)
        expect(all(byte < 0x80 for byte in t.all), f"the prompt is ASCII under {lang}")
        expect_in("\n2\n", t.answer("1 + 1"))
        said = t.answer(".at São Bento 2023-05")
        expect_in("São Bento", said)
        said = t.answer(".run visits")
        expect(("\u2500" in said) == (lang == "C.UTF-8"), f"frames under {lang}: {said!r}")
        t.answer(".plot visits")
        t.type(b"\xe9\xff\xfe caf\xe9")  # no UTF-8
        t.type(CTRL_C)
        t.wait(PROMPT)
        expect_in("São", t.answer(UP + UP))
        t.leave()


def a_dumb_terminal_works(c):
    t = c.loaded(TERM="dumb")
    expect_in("\n2\n", t.answer("1 + 1"))
    expect(b"\033[3" not in t.all, "no colours")
    t.leave()


def a_terminal_that_goes_away_ends_the_session(c):
    t = c.loaded()
    os.close(t.fd)
    status = os.waitstatus_to_exitcode(os.waitpid(t.pid, 0)[1])
    t.pid = None
    expect(status in (0, -signal.SIGHUP), f"ended with {status}")


# ---- other programs -----------------------------------------------------------------------------

def long_answers_go_through_the_pager(c):
    c.write("many.csv", many_rows(120))
    t = c.open("visits.rag", "many.csv", PAGER="sed s/^/paged:/")
    expect_in("paged:Area 0", t.answer(".run"))
    expect("paged:" not in t.answer(".run visits Area 1 2023-01"), "a short one does not")
    t.leave()


def leaving_the_pager_ends_the_answer(c):
    c.write("many.csv", many_rows(24000))
    t = c.open("visits.rag", "many.csv", PAGER="head -n 3")
    t.answer(".run")
    expect_in("\n2\n", t.answer("1 + 1"))
    t.leave()


def edit_takes_what_the_editor_leaves(c):
    editor = c.write("editor.sh", "#!/bin/sh\nsed -i 's/85+/80+/; s/70-84/70-79/' \"$1\"\n")
    os.chmod(editor, 0o755)
    t = c.loaded(EDITOR=editor)
    expect_in("1 from Amber to Green", t.answer(".edit visits"))
    t.leave()


def watch_reloads_what_is_saved(c):
    t = c.loaded()
    t.type(".watch" + ENTER)
    t.wait("watching 2 files")
    c.write("visits.rag", RULES.replace("85+", "80+").replace("70-84", "70-79"))
    t.wait("1 from Amber to Green")
    c.write("visits.rag", RULES.replace("kpi visits", "kpi kpi"))
    t.wait("error")
    c.write("visits.rag", RULES)
    t.wait("1 from Green to Amber")
    t.type(CTRL_C)
    t.wait(PROMPT)
    expect_in("1 Green, 2 Amber, 1 Red", t.answer(".kpis"))
    t.leave()


def colours_are_for_terminals_that_have_them(c):
    t = c.loaded()
    t.answer(".show visits")
    expect(b"\033[1mkpi\033[0m" in t.all, "keywords are bold")
    t.leave()
    t = c.loaded(NO_COLOR="1")
    t.answer(".show visits")
    expect(b"\033[1mkpi" not in t.all, "NO_COLOR is obeyed")
    t.leave()


CASES = [value for value in list(globals().values())
         if callable(value) and getattr(value, "__code__", None) and
         value.__code__.co_varnames[:1] == ("c",) and value.__code__.co_argcount == 1]


def run(case):
    with tempfile.TemporaryDirectory() as folder:
        c = Case(folder)
        began = time.monotonic()
        try:
            case(c)
        except Failure as failure:
            print(f"FAIL {case.__name__}: {failure}")
            return False
        except OSError as error:
            seen = c.terminals[-1].text[-2000:] if c.terminals else ""
            print(f"FAIL {case.__name__}: {error}; so far: {seen!r}")
            return False
        finally:
            for t in c.terminals:
                t.kill()
        if os.environ.get("TIMES"):
            print(f"{time.monotonic() - began:6.2f} s {case.__name__}")
        return True


if __name__ == "__main__":
    BANDSTAND = os.path.realpath(sys.argv[1])
    chosen = [case for case in CASES if not sys.argv[2:] or case.__name__ in sys.argv[2:]]
    results = [run(case) for case in chosen]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(0 if results and all(results) else 1)
