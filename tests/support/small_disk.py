"""A disk of a few megabytes that can be filled: a tmpfs, mounted by root or by sudo, gone afterwards."""
import os
import subprocess
from pathlib import Path


class SmallDisk:
    def __init__(self, folder, megabytes):
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._ballast = self.folder / "ballast"
        self._as_root("mount", "-t", "tmpfs", "-o",
                      f"size={megabytes}m,mode=700,uid={os.geteuid()},gid={os.getegid()}", "tmpfs", str(self.folder))

    def _as_root(self, *command):
        subprocess.run([*([] if os.geteuid() == 0 else ["sudo"]), *command], check=True, timeout=20)

    def fill(self):
        """Takes all the room that is left. Again and again: what others gave back meanwhile is taken too."""
        with open(self._ballast, "ab", buffering=0) as ballast:
            for piece in (1 << 16, 1 << 12, 1):
                try:
                    while ballast.write(bytes(piece)) == piece:
                        pass
                except OSError:
                    continue

    def make_room(self):
        self._ballast.unlink()

    def close(self):
        self._as_root("umount", "--lazy", str(self.folder))
