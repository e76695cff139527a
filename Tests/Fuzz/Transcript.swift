/// What a stream of bytes was taken for.
struct Transcript: Equatable {
    /// One message that would be forwarded.
    struct Message: Equatable, CustomStringConvertible {
        /// Method and target, or the status and what follows it.
        var line: [UInt8]
        /// The fields that are forwarded as they came, in order, line ends included.
        var fields: [[UInt8]]
        var body: [UInt8] = []
        var isComplete = false

        var description: String {
            let fields = self.fields.map { String(decoding: $0, as: UTF8.self).debugDescription }.joined()
            return "\(String(decoding: self.line, as: UTF8.self).debugDescription) \(fields) "
                + "\(String(decoding: self.body, as: UTF8.self).debugDescription) \(self.isComplete ? "whole" : "broken off")"
        }
    }

    /// Where the reading stopped.
    enum End: Equatable {
        /// At a message's end, with nothing left.
        case clean
        /// Inside a message, waiting for more.
        case waiting
        /// A request was refused with this status.
        case refused(Int)
        /// An answer was malformed.
        case malformed
        /// Bytes follow a message after which there is no other.
        case leftover
    }

    var messages: [Message] = []
    var end = End.clean
    /// What was written to the other side.
    var output: [UInt8] = []
    /// A limit or a rule of forwarding that was not held.
    var violation: String?

    var summary: String { "\(self.messages) then \(self.end)" }
}

/// The limits that a stream is read with.
enum FuzzLimits {
    /// So small that a fuzzer reaches them.
    case small
    /// Twice as much and what is added to a head.
    case large

    var line: Int { self == .small ? 128 : 4_096 }
    var head: Int { self == .small ? 512 : 16_384 }
}
