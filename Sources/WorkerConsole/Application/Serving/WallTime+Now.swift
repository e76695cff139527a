import Foundation
import WorkerDomain

extension WallTime {
    /// The wall clock's time now, to the millisecond.
    static func now() -> WallTime {
        WallTime(millisecondsSinceEpoch: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}
