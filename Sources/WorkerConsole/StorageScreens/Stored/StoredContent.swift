import ContentViews
import WorkerDomain

/// What the beginning of a stored value says of it.
struct StoredContent: Sendable, Equatable {
    /// Bytes of the whole value.
    let total: Int64
    let signature: StoredSignature?
    /// What text it is; `nil` for what is no text.
    var encoding: String?
    /// Characters in the beginning that steer a terminal or hide, line ends and tabs aside.
    var controls = 0

    init(total: Int64, start: [UInt8]) {
        self.total = total
        self.signature = StoredSignature.detect(start)
    }

    var isText: Bool { self.encoding != nil && self.signature == nil }

    /// Takes in what was found out when it was opened.
    mutating func take(_ opened: OpenedContent) {
        self.encoding = opened.encodingName
        self.controls = opened.controls
    }
}
