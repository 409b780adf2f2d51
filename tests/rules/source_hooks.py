# Lines that src/rules/cpu/monitoring-overhead.test.sql looks at, by their numbers.
import sys


class Counter:
    def _hook(self, frame, event, argument):
        self.calls[frame.f_code.co_name] += 1

    def start(self):
        sys.setprofile(self._hook)

    def render(self, rows):
        return [self.calls[row] for row in rows]
