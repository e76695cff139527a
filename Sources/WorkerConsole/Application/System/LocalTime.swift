import Glibc
import WorkerDomain
import WorkerProject

/// Local time by the C library: the zone of the system, or one of its data base.
enum LocalTime {
    /// Makes a zone the process's own; `local`, and a name that is unknown here, leave the system's.
    ///
    /// The C library keeps one zone for a process, in `TZ`. To be called while no other thread reads the environment.
    static func use(zone name: String) {
        let folder = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
        let isName = name != "local" && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
        if isName, BoundedFile.exists("\(folder)/\(name)") { setenv("TZ", ":\(name)", 1) }
        tzset()
    }

    /// Seconds that local time is ahead of UTC at a moment, summer time included.
    static func secondsFromUTC(at time: WallTime) -> Int {
        var seconds = time_t(time.nanosecondsSinceEpoch / 1_000_000_000)
        var parts = tm()
        return localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff
    }
}
