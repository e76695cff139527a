import FoundationEssentials
import Glibc
import WorkerDomain

/// Why a call of Foundation failed, in words for a person: its own errors print as the structures that they are.
enum FileFailure {
    static func reason(_ error: any Error) -> String {
        if let error = error as? POSIXError { return SystemReason.text(error.code.rawValue) }
        guard let error = error as? CocoaError else { return "\(error)" }
        if let below = error.userInfo["NSUnderlyingError"] as? any Error { return self.reason(below) }
        return switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: SystemReason.text(ENOENT)
        case .fileWriteNoPermission, .fileReadNoPermission: SystemReason.text(EACCES)
        case .fileWriteFileExists: SystemReason.text(EEXIST)
        case .fileWriteOutOfSpace: SystemReason.text(ENOSPC)
        case .fileWriteVolumeReadOnly: SystemReason.text(EROFS)
        default: "the system rejected it (Foundation's error \(error.code.rawValue))"
        }
    }
}
