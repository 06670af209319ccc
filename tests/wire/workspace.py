"""A scratch copy of the sources below `target/`, in which several documents are compiled in and built at once."""

import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
SCRATCH = REPOSITORY / "target" / "wire-scratch"


def corpus():
    """The folder of the spec corpus, or None."""
    folder = Path(os.environ.get("TOOLWRIGHT_CORPUS") or REPOSITORY.parent / "shared" / "specs")
    return folder if (folder / "MANIFEST.json").is_file() else None


class Spec:
    """A document to judge: a file, the folder its references may climb to, and the server's name."""

    def __init__(self, name, entry, root=None):
        self.label, self.entry, self.root = name, Path(entry).resolve(), Path(root).resolve() if root else None
        self.name = re.sub("[^a-z0-9]", "_", name.lower())[:32]

    def arguments(self):
        """For xtask."""
        return [str(self.entry)] + (["--root", str(self.root)] if self.root else [])


def find(names, everything=False):
    """Specs by corpus name or by path; all of the corpus with `everything`."""
    folder, found, known = corpus(), [], {}
    if folder:
        manifest = json.loads((folder / "MANIFEST.json").read_text())
        for entry in manifest if isinstance(manifest, list) else manifest["specs"]:
            root = folder / entry["root"] if entry.get("root") else None
            known[entry["name"]] = Spec(entry["name"], folder / entry["entry"], root)
    for name in names:
        if name in known:
            found.append(known[name])
        elif Path(name).is_file():
            found.append(Spec(Path(name).stem, name))
        else:
            raise SystemExit(f"{name}: neither a file nor a document of the corpus ({folder or 'not found'}); "
                             "set TOOLWRIGHT_CORPUS to its folder")
    return found + (list(known.values()) if everything else [])


def _working_tree():
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=REPOSITORY, check=True,
                             capture_output=True, text=True).stdout.split("\n")
    for file in listing:
        if file and not file.startswith("tests/wire/") and (REPOSITORY / file).is_file():
            yield file, (REPOSITORY / file).read_bytes()


def _head():
    archive = subprocess.run(["git", "archive", "--format=tar", "HEAD"], cwd=REPOSITORY, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            if member.isfile() and not member.name.startswith("tests/wire/"):
                yield member.name, tar.extractfile(member).read()


class Workspace:
    """The scratch copy. Kept between runs, so that cargo builds only what changed."""

    def __init__(self, folder=SCRATCH):
        # Shared with the other checks that compile documents in: the dependencies are built once.
        self.root, self.target = folder / "workspace", REPOSITORY / "target" / "tests"
        self.environment = {**os.environ, "CARGO_TARGET_DIR": str(self.target), "CARGO_PROFILE_DEV_DEBUG": "0"}
        self.xtask, self.server = self.target / "debug" / "xtask", self.target / "debug" / "toolwright"

    def sync(self, committed=False):
        """Brings the sources up to date, from the working tree or from HEAD; `build-specs` is the scratch copy's own
        once it is there."""
        fresh = not (self.root / "build-specs").exists()
        wanted = set()
        for file, content in _head() if committed else _working_tree():
            wanted.add(file)
            target = self.root / file
            if not fresh and (file.startswith("build-specs/") or file in ("Cargo.toml", "Cargo.lock")):
                continue
            if not target.exists() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        self._manifest()
        for top in ("crates", "xtask"):
            for file in (self.root / top).rglob("*"):
                if file.is_file() and str(file.relative_to(self.root)) not in wanted:
                    file.unlink()

    def _manifest(self):
        """The root manifest without toolsets: what `build-specs` depends on belongs to the workspace by itself."""
        text = (REPOSITORY / "Cargo.toml").read_text()
        text = re.sub(r'\n    "build-specs/[^"]*",', "", text)
        if not (self.root / "Cargo.toml").exists() or (self.root / "Cargo.toml").read_text() != text:
            (self.root / "Cargo.toml").write_text(text)
        lock = self.root / "Cargo.lock"
        if not lock.exists():
            shutil.copy2(REPOSITORY / "Cargo.lock", lock)

    def run(self, *command, check=True):
        """A command in the copy. Answers the finished process, output as text."""
        done = subprocess.run(list(map(str, command)), cwd=self.root, env=self.environment, capture_output=True, text=True)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr[-3000:]}")
        return done

    def build_xtask(self):
        """cargo build -p xtask"""
        self.run("cargo", "build", "-q", "-p", "xtask")

    def inspect(self, spec):
        """(report or None, what went wrong) of a document."""
        done = self.run(self.xtask, "inspect", *spec.arguments(), "--json", "--name", spec.name, check=False)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return None, f"inspect: exit {done.returncode}: {done.stderr[-600:]}"
        errors = [p for p in report["problems"] if p["severity"] == "error"]
        return report, f"inspect: {errors[:3]}" if errors or done.returncode else ""

    def members(self):
        """Toolsets that are compiled in."""
        return {p.parent.name for p in (self.root / "build-specs").glob("*/Cargo.toml")}

    def add(self, specs):
        """Compiles documents in, and lets go of those that are not asked for. Answers {label: what went wrong}."""
        failed = {}
        for name in self.members() - {s.name for s in specs} - {"data_api"}:
            self.run(self.xtask, "remove", name)
        present = self.members()
        if present:
            done = self.run(self.xtask, "regen", check=False)
            if done.returncode:
                for name in present - {"data_api"}:
                    self.run(self.xtask, "remove", name)
                present = set()
        for spec in specs:
            if spec.name in present:
                continue
            done = self.run(self.xtask, "add", spec.name, *spec.arguments(), check=False)
            if done.returncode:
                failed[spec.label] = f"add: {done.stderr[-800:]}"
        return failed

    def build(self, specs):
        """Builds the server. A toolset that does not compile is dropped and reported: {label: errors}."""
        failed = {}
        while True:
            done = self.run("cargo", "build", "--keep-going", "--message-format=short", "-p", "toolwright", check=False)
            if done.returncode == 0:
                return failed
            bad = {m for m in re.findall(r"could not compile `spec[-_]([^`]+)`", done.stderr)}
            mine = [s for s in specs if s.name in bad and s.label not in failed]
            if not mine:
                raise RuntimeError(f"the server does not build:\n{done.stderr[-4000:]}")
            for spec in mine:
                errors = [line for line in done.stderr.split("\n") if f"build-specs/{spec.name}/" in line and "error" in line]
                failed[spec.label] = "does not compile: " + "\n".join(errors[:8])
                self.run(self.xtask, "remove", spec.name)
