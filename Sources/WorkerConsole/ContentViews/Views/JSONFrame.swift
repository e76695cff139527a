import TextSafety

/// An object or a list of JSON that is open.
struct JSONFrame: Sendable {
    let isObject: Bool
    /// The name of the present member.
    var name = ""
    /// The number of the present item.
    var index = 0
    /// Everything below is secret; numbers only when the name says so.
    let hidesTexts: Bool
    let hidesNumbers: Bool
    /// The value of the member `name` or `key`, which says what the member `value` is.
    var pairName: String?
}

/// Judges values of JSON by where they stand.
///
/// The door before the views has hidden what shows itself without its place; here the place is known.
struct JSONMemberSecrets: Sendable {
    private struct Verdict: Sendable {
        let hidesTexts: Bool
        let hidesNumbers: Bool
    }

    /// A name that is longer is none of those that name or hold.
    private static let longestPairName = 11

    let redaction: Redaction
    /// Names come again and again.
    private var verdicts: [String: Verdict] = [:]

    init(redaction: Redaction) { self.redaction = redaction }

    /// What is open below a member or an item.
    mutating func frame(isObject: Bool, below above: JSONFrame?) -> JSONFrame {
        let own = above.flatMap { $0.isObject && !self.redaction.isOff ? self.verdict(of: $0.name) : nil }
        return JSONFrame(
            isObject: isObject, hidesTexts: above?.hidesTexts == true || own?.hidesTexts == true,
            hidesNumbers: above?.hidesNumbers == true || own?.hidesNumbers == true)
    }

    /// True when the text of the present member or item is secret.
    ///
    /// `raw` is without quotation marks, or the beginning of a long one. What it says of a member to come is noted in
    /// `frames`; for a line that nobody looks at (`isNeeded` is false) nothing else is judged.
    mutating func hides(_ raw: ArraySlice<UInt8>, in frames: inout [JSONFrame], isNeeded: Bool) -> Bool {
        guard !self.redaction.isOff, let frame = frames.last, !raw.isEmpty else { return false }
        if frame.hidesTexts { return true }
        guard frame.isObject else { return false }
        let name = frame.name
        if name.utf8.count <= Self.longestPairName {
            if JSONText.namingMembers.contains(name.lowercased()) {
                frames[frames.count - 1].pairName = raw.prefix(128).text
            } else if isNeeded, JSONText.holdingMembers.contains(name.lowercased()), let pair = frame.pairName,
                self.redaction.hides(member: pair, text: raw.text)
            {
                return true
            }
        }
        return isNeeded && self.redaction.hides(member: name, text: raw.text)
    }

    /// True when the number of the present member or item is secret.
    mutating func hidesNumber(in frames: [JSONFrame]) -> Bool {
        guard !self.redaction.isOff, let frame = frames.last else { return false }
        return frame.hidesNumbers || (frame.isObject && self.verdict(of: frame.name).hidesNumbers)
    }

    /// What a name says of everything below it.
    private mutating func verdict(of name: String) -> Verdict {
        if let known = self.verdicts[name] { return known }
        let verdict = Verdict(
            hidesTexts: self.redaction.hidesAll(member: name), hidesNumbers: self.redaction.hidesNumber(member: name))
        if self.verdicts.count >= 256 { self.verdicts.removeAll() }
        self.verdicts[name] = verdict
        return verdict
    }
}
