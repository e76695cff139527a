import TrafficJournal
import WorkerDomain

extension DatabaseScreen {
    /// Bytes of a text that are looked through for secret members of JSON.
    private static let jsonLimit = 65_536

    /// A value as it may be shown: one that gives access is hidden, by the name of its column, and of JSON what its
    /// members' names say.
    func shown(_ value: SQLValue, of column: String, in world: World) -> SQLValue {
        let redaction = world.redaction
        guard !self.isRevealed, !redaction.isOff else { return value }
        switch value {
        case .null, .text(""), .blob([]): return value
        case .integer, .real:
            let number = DatabaseText.short(value)
            return redaction.isSecret(member: column, number: number) ? .text(Redaction.mask) : value
        case .blob: return redaction.isSecret(member: column) ? .text(Redaction.mask) : value
        case .text(let text):
            if redaction.isSecret(member: column, text: text) { return .text(Redaction.mask) }
            guard let first = text.utf8.first, first == 0x7B || first == 0x5B, text.utf8.count <= Self.jsonLimit else {
                return value
            }
            let masked = redaction.body(Array(text.utf8), head: MessageHead([]))
            return masked.hidden == 0 ? value : .text(String(decoding: masked.bytes, as: UTF8.self))
        }
    }
}
