//! How much memory and processor time this program takes.

use std::fs;
use std::time::Duration;

/// The memory that would be free if this process ended, in KiB: its proportional set size (PSS), from
/// `/proc/self/smaps_rollup` (proc(5)); `None` where the kernel doesn't say.
#[must_use]
pub fn pss_kib() -> Option<u64> {
    parse(&fs::read_to_string("/proc/self/smaps_rollup").ok()?)
}

fn parse(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The processor time of this process so far, from `/proc/self/schedstat` (nanoseconds on a processor, its first thread) and
/// those of its other threads; `None` where the kernel doesn't say.
#[must_use]
pub fn processor_time() -> Option<Duration> {
    let mut total = Duration::ZERO;
    for task in fs::read_dir("/proc/self/task").ok()? {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        total += Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?);
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_line_is_understood() {
        assert_eq!(
            parse("Rss:  10 kB\nPss:               48120 kB\nPss_Dirty: 1 kB\n"),
            Some(48_120)
        );
        assert_eq!(parse("nothing of the kind"), None);
    }
}
