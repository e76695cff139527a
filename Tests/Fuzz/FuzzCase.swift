/// One input of the fuzzer: `Q`, `A` or `H` says which path it takes, a digit how it is cut, the rest came by the network.
///
/// `Q` is what a client sends, `A` what a backend answers to GET, `H` what it answers to HEAD. `F` is a ``FuzzFlow``.
struct FuzzCase {
    let path: FuzzPath
    /// The size of the pieces in one of the readings.
    let piece: Int
    let bytes: [UInt8]
    private let isFlow: Bool

    init(_ input: [UInt8]) {
        self.isFlow = input.first == 0x46
        switch input.first {
        case 0x41: self.path = .answer(toHead: false)
        case 0x48: self.path = .answer(toHead: true)
        default: self.path = .request
        }
        self.piece = input.count > 1 ? Int(input[1] & 0x3F) + 1 : 1
        self.bytes = Array(input.dropFirst(2))
    }

    /// Tells whether the handling of this input breaks a rule.
    ///
    /// - Parameter everySplit: Cuts in two at every byte; otherwise only into single bytes and into equal pieces.
    /// - Returns: What is wrong, or `nil`.
    func violation(everySplit: Bool = false) -> String? {
        if self.isFlow { return FuzzFlow(self.bytes).violation() }
        let whole = self.path.read([self.bytes], limits: .small)
        if let text = whole.violation { return text }
        var cuts = [self.bytes.map { [$0] }, Self.pieces(self.bytes, self.piece)]
        if everySplit {
            for index in self.bytes.indices {
                cuts.append([Array(self.bytes[..<index]), Array(self.bytes[index...])])
            }
        }
        for cut in cuts {
            let other = self.path.read(cut, limits: .small)
            guard other.messages == whole.messages, other.end == whole.end, other.output == whole.output else {
                return "cut into \(cut.count), it is read otherwise: \(other.summary), not \(whole.summary)"
            }
        }
        return self.violationOfOutput(whole)
    }

    /// What was forwarded has to be read as the same messages by whoever is as strict as this proxy.
    private func violationOfOutput(_ first: Transcript) -> String? {
        guard !first.messages.isEmpty else { return nil }
        let second = self.path.read([first.output], limits: .large)
        guard second.messages.count == first.messages.count else {
            return "\(first.messages.count) messages are forwarded as \(second.messages.count): \(second.summary)"
        }
        for (one, two) in zip(first.messages, second.messages) where one != two {
            return "\(one) is forwarded as \(two)"
        }
        if first.end == .clean, second.end != .clean { return "what is forwarded ends as \(second.end)" }
        return nil
    }

    private static func pieces(_ bytes: [UInt8], _ size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }
}
