"""The command line: arguments in, exit code out."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from tdmigrate import __version__
from tdmigrate.config import (
    KERAS_VERSIONS,
    OUTPUT_FORMATS,
    PYTHON2,
    SOURCE_BACKENDS,
    STDIN,
    STYLES,
    TD_STYLES,
    ConfigError,
    Settings,
    settings,
    split,
)
from tdmigrate.discovery import Excludes
from tdmigrate.plain import printable

if TYPE_CHECKING:
    from tdmigrate.results import RunResult

WHOLE = ("json", "sarif")  # formats that make one document of standard output

FAILED = 2  # the run itself
INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended; here SIGTERM, too


class _Migrate(click.Command):
    """The default command; its help lists the others."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Other commands"):
            formatter.write_dl(
                [(f"{ctx.info_name} {name}", command.get_short_help_str(80)) for name, command in COMMANDS.items()]
            )


def _several(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    """An option that may be given several times, each time with several values."""
    return tuple(item for text in value for item in split(text)) or None


@click.command(cls=_Migrate)
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Report what is to do (the default).")
@click.option("--diff", is_flag=True, help="Print what --write would change, as unified diffs.")
@click.option("--write", is_flag=True, help="Rewrite the files in place.")
@click.option(
    "--verify/--no-verify",
    default=None,
    help="Prove that each changed model computes the same numbers; a file with a failed proof is not written.",
)
@click.option(
    "--require-proof", is_flag=True, default=None, help="A model that could not be proved counts as a finding left."
)
@click.option(
    "--show-program",
    is_flag=True,
    help="Print the programs that --verify would run for each changed model, old and new; run nothing.",
)
@click.option("--select", multiple=True, callback=_several, metavar="CODES", help="Only these codes or prefixes.")
@click.option("--ignore", multiple=True, callback=_several, metavar="CODES", help="All but these codes or prefixes.")
@click.option(
    "--style",
    type=click.Choice(STYLES),
    help="faithful (default): the same outputs and loss; exact: training too; modern: today's idiom.",
)
@click.option(
    "--vendor",
    metavar="MODULE",
    help="Copy what migrated files need of tdmigrate.compat into this module of the project, and import it from there.",
)
@click.option("--unsafe-fixes", is_flag=True, default=None, help="Also apply fixes that may change meaning.")
@click.option(
    "--td-style", type=click.Choice(TD_STYLES), help="What TimeDistributedDense becomes; auto (default): by input rank."
)
@click.option(
    "--keras-version", type=click.Choice(KERAS_VERSIONS), help="What the source was written for; auto: by evidence."
)
@click.option("--source-backend", type=click.Choice(SOURCE_BACKENDS), help="What the source ran on; auto: by evidence.")
@click.option(
    "--from-keras2/--no-from-keras2",
    default=None,
    help="Also find and mend what Keras 3 breaks in sources for Keras 2 and tf.keras.",
)
@click.option(
    "--python2",
    type=click.Choice(PYTHON2),
    help="convert (default): what is Python 2 becomes Python 3; keep: such a file is reported and not written.",
)
@click.option(
    "--exclude", multiple=True, callback=_several, metavar="PATTERNS", help="Left out inside folders, as in .gitignore."
)
@click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), help="What the report looks like; default: text.")
@click.option("--report", metavar="FILE.html", help="Also write a page a person can look at.")
@click.option("--jobs", type=click.IntRange(min=0), metavar="N", help="Processes; 0 (default): one per core.")
@click.option("--config", metavar="FILE", help="Read [tool.tdmigrate] of this file, not of the nearest pyproject.toml.")
@click.option("--isolated", is_flag=True, help="Read no pyproject.toml.")
@click.option(
    "--legacy-path",
    envvar="TDMIGRATE_LEGACY",
    metavar="FOLDER",
    help="Take the genuine Keras 1 that verification runs from this folder, which is only read.",
)
@click.option("--stdin-filename", metavar="FILE", help="The name of what - reads.")
@click.option("-q", "--quiet", is_flag=True, help="No notes, no summary.")
@click.option("-v", "--verbose", is_flag=True, help="Say what was read.")
@click.option("--color", type=click.Choice(("auto", "always", "never")), default="auto", help="Default: auto.")
@click.option("--no-progress", is_flag=True, help="No progress on a terminal.")
@click.version_option(__version__, prog_name="tdmigrate", message="%(prog)s %(version)s")
def migrate(
    paths: tuple[str, ...],
    check: bool,
    diff: bool,
    write: bool,
    config: str | None,
    isolated: bool,
    report: str | None,
    stdin_filename: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
    no_progress: bool,
    show_program: bool,
    **options: Any,
) -> int:
    """Find Keras 0.x/1.x code in PATHS (files or folders; none: the current folder; -: standard input), rewrite it for
    Keras 3, and prove that the numbers are the same.

    Exit code: 0 nothing left to do, 1 findings left, 2 the run failed.
    """
    modes = [mode for mode, asked in (("check", check), ("diff", diff), ("write", write)) if asked]
    if len(modes) > 1:
        raise click.UsageError(f"--{modes[0]} and --{modes[1]} exclude each other")
    if config is not None and isolated:
        raise click.UsageError("--config and --isolated exclude each other")
    if report is not None and report.lower().endswith((".py", ".pyw", ".ipynb")):
        raise click.UsageError(f"--report writes a page: {printable(report)} would be a source no more")
    if STDIN in paths and len(paths) > 1:
        raise click.UsageError("- (standard input) stands alone")
    if show_program:
        _check_show_program(modes, report, options)
    options["mode"] = modes[0] if modes else None
    if options["exclude"] is not None:
        options["exclude"] = Excludes(os.curdir, options["exclude"])
    try:
        wanted = settings(options, (stdin_filename or os.curdir,) if STDIN in paths else paths, config, isolated)
        for warning in wanted.warnings:
            _say(f"tdmigrate: warning: {warning}")
        meter = _Meter(sys.stderr.isatty() and not (quiet or no_progress))
        if show_program:
            return _show_program(paths, stdin_filename, wanted, meter)
        try:
            result, notes = _run(paths, stdin_filename, wanted, meter)
        finally:
            meter.clear()
    except ConfigError as error:
        raise click.UsageError(printable(str(error))) from None
    for note in () if quiet else notes:
        _say(f"tdmigrate: {note}")
    if verbose:
        _say(f"tdmigrate: looked at {result.looked_at} files; settings from {wanted.source or 'the command line'}")
    code = max(_report(result, wanted, STDIN in paths, color, quiet), _page(result, report))
    if result.interrupted:
        raise KeyboardInterrupt
    return code


def _run(
    paths: tuple[str, ...], stdin_filename: str | None, wanted: Settings, meter: _Meter
) -> tuple[RunResult, tuple[str, ...]]:
    from tdmigrate import pipeline

    if STDIN not in paths:
        return pipeline.run(paths, wanted, meter)
    data = sys.stdin.buffer.read()
    result = pipeline.run_text(stdin_filename or STDIN, data, wanted)
    if wanted.mode == "write":
        # as a formatter: what would stand in the file goes to standard output, changed or not
        from tdmigrate.stages.writing import encoded

        written = [file for file in result.files if file.written and file.new_text is not None]
        sys.stdout.buffer.write(encoded(data, written[0]) if written else data)
        if written and wanted.vendor is not None:
            return result, (f"{wanted.vendor} itself is not written for a source on standard input",)
    return result, ()


def _check_show_program(modes: Sequence[str], report: str | None, options: dict[str, Any]) -> None:
    """It prints text for a person, and judges nothing."""
    others = [f"--{mode}" for mode in modes]
    others += [f"--{name.replace('_', '-')}" for name in ("verify", "require_proof") if options[name]]
    others += ["--report"] if report is not None else []
    others += [f"--output-format {options['output_format']}"] if options["output_format"] not in (None, "text") else []
    if others:
        raise click.UsageError(f"--show-program and {others[0]} exclude each other")


def _show_program(paths: tuple[str, ...], stdin_filename: str | None, wanted: Settings, meter: _Meter) -> int:
    from tdmigrate import pipeline

    try:
        if STDIN in paths:
            data = sys.stdin.buffer.read()
            result, text = pipeline.shown_programs_of_text(stdin_filename or STDIN, data, wanted)
        else:
            result, text = pipeline.shown_programs(paths, wanted, meter)
    finally:
        meter.clear()
    _say_errors(result)
    sys.stdout.write(text)
    return FAILED if result.summary.errors else 0


def _say_errors(result: RunResult) -> None:
    for file in result.files:
        if file.error is not None:
            _say(f"{file.path}{file.error.place}: {file.error.show()}")


def _report(result: RunResult, wanted: Settings, from_stdin: bool, color: str, quiet: bool) -> int:
    """Errors to standard error; the report to standard output, unless a diff or a source stands there."""
    _say_errors(result)
    from tdmigrate.reporting.render import render

    report_to: TextIO = sys.stdout
    if wanted.mode == "diff":
        whole = wanted.output_format in WHOLE
        _diffs(result, sys.stderr if whole else sys.stdout)
        report_to = sys.stdout if whole else sys.stderr
    elif wanted.mode == "write" and from_stdin:
        report_to = sys.stderr
    coloured = color == "always" or (color == "auto" and report_to.isatty() and not os.environ.get("NO_COLOR"))
    render(wanted.output_format, result, report_to, color=coloured, quiet=quiet)
    report_to.flush()
    return result.exit_code


def _diffs(result: RunResult, stream: TextIO) -> None:
    from tdmigrate.reporting.diff import changes

    for file in result.files:
        if file.new_text is None or file.error is not None:
            continue
        text = changes(file)
        if stream.isatty():
            lines = ("\t".join(map(printable, line.split("\t"))) for line in text.split("\n")[:-1])
            stream.write("".join(f"{line}\n" for line in lines))
        else:
            # in the encoding of the file, newlines as they are, so that patch can apply it
            stream.flush()
            stream.buffer.write(_encoded(text, file.encoding))
    stream.flush()


def _encoded(text: str, encoding: str) -> bytes:
    """A diff in the encoding of its file; what that does not have, such as the names of files, as escapes."""
    try:
        return text.encode(encoding, "surrogateescape")
    except (UnicodeError, LookupError):
        return text.encode("utf-8", "backslashreplace")


def _page(result: RunResult, path: str | None) -> int:
    if path is None:
        return 0
    from tdmigrate.reporting.html import write_report

    try:
        write_report(result, path)
    except OSError as error:
        _say(f"{path}: E902 cannot be written ({error.strerror}): check the path given to --report")
        return FAILED
    return 0


class _Meter:
    """How far the run is, on a terminal."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown
        self.width = 0

    def __call__(self, done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            self._show(f"{done}/{total} files")

    def proving(self, done: int, total: int, model: str) -> None:
        self._show(f"{done}/{total} proofs: {printable(model)}")

    def _show(self, text: str) -> None:
        if self.shown:
            import shutil

            text = text[: shutil.get_terminal_size().columns - 1]  # a second line would stay
            sys.stderr.write(f"\r{text}{' ' * (self.width - len(text))}")
            sys.stderr.flush()
            self.width = len(text)

    def clear(self) -> None:
        if self.width:
            sys.stderr.write(f"\r{' ' * self.width}\r")
            sys.stderr.flush()


@click.command()
@click.argument("code")
def explain(code: str) -> int:
    """Explain one rule: what, why, before and after."""
    from tdmigrate.config import nearest_code
    from tdmigrate.errors import ERRORS
    from tdmigrate.reporting import rule_pages
    from tdmigrate.rules.registry import rules

    known = {rule.code: rule for rule in (*rules(), *ERRORS)}
    rule = known.get(code.upper())
    if rule is None:
        raise click.UsageError(f"no rule has the code {printable(code)}{nearest_code(code, tuple(known))}")
    sys.stdout.write(rule_pages.explain(rule))
    return 0


@click.command("rules")
def list_rules() -> int:
    """List all rules, one a line."""
    from tdmigrate.errors import ERRORS
    from tdmigrate.reporting import rule_pages
    from tdmigrate.rules.registry import rules

    sys.stdout.write(rule_pages.rule_list((*rules(), *ERRORS)))
    return 0


@click.group()
def legacy() -> None:
    """Install, show or remove the genuine Keras 1 that verification runs."""


@legacy.command()
def install() -> int:
    """Fetch genuine Keras and Theano, pinned by hash, into the user's cache."""
    from tdmigrate.verification.legacy.install import LegacyUnavailable, install

    try:
        click.echo(install(progress=sys.stderr))
    except LegacyUnavailable as error:
        _say(f"tdmigrate: {error}")
        return FAILED
    return 0


@legacy.command()
def path() -> int:
    """Print the folder it is in."""
    from tdmigrate.verification.legacy.install import default_path

    click.echo(default_path())
    return 0


@legacy.command()
def remove() -> int:
    """Delete it."""
    from tdmigrate.verification.legacy.install import default_path, remove

    _say(f"tdmigrate: {'removed what was in' if remove() else 'nothing to remove in'} {default_path()}")
    return 0


COMMANDS: dict[str, click.Command] = {"explain": explain, "rules": list_rules, "legacy": legacy}


def _say(line: str) -> None:
    sys.stderr.write(printable(line) + "\n")


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the command ``tdmigrate``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the shell closed it: tdmigrate >&-
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no reason to fail
    with suppress(ValueError):  # another thread gets no signals
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = _exit_code(list(sys.argv[1:] if argv is None else argv))
    try:
        sys.stdout.flush()
    except OSError as error:
        if code != FAILED and not isinstance(error, BrokenPipeError):
            _say(f"tdmigrate: {_stopped(error)}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        code = FAILED
    gc.freeze()  # or Python goes through everything once more at its end
    sys.exit(code)


def _stopped(error: OSError) -> str:
    """What the system refused, outside of any one file: a full disk, a working folder that is gone."""
    if os.environ.get("TDMIGRATE_DEBUG"):
        raise error
    return f"stopped ({error.strerror or error}{f': {error.filename}' if error.filename else ''})"


def _exit_code(args: list[str]) -> int:
    command: click.Command = migrate
    name = "tdmigrate"
    word = args[0] if args and args[0] in COMMANDS else None
    if word is not None:
        command = COMMANDS[word]
        name = f"{name} {args.pop(0)}"
    try:
        # not command.main(), which has exit codes of its own for an interrupt and a closed pipe
        with command.make_context(name, args) as ctx:
            code = command.invoke(ctx)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        if word is not None and os.path.exists(word):
            _say(f"tdmigrate: {word} is a command; the path is ./{word}")
        return FAILED
    except KeyboardInterrupt:
        _say("tdmigrate: interrupted; files that were written are whole, the others are as they were")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED  # whoever read the report has gone, so nobody is there to tell
    except OSError as error:
        _say(f"tdmigrate: {_stopped(error)}")
        return FAILED
    except Exception as error:
        from tdmigrate.stages.guarding import internal

        _say(f"tdmigrate: {internal(error).show()}")
        return FAILED
    return code if isinstance(code, int) else 0
