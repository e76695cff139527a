package import TextSafety
package import WorkerDomain

/// What of an exchange may be shown; the same for screens, copies and exports.
extension Redaction {
    /// The request line or status line; one that is no HTTP is looked through like any text.
    package func startLine(of head: MessageHead) -> String { self.target(head.startLine) }

    /// The fields, in their order. Lines without a colon and folded ones are no fields, and may hold a secret all the
    /// same: refused heads are shown as they came.
    package func fields(of head: MessageHead) -> [MessageHead.Field] {
        guard !self.isOff else { return head.fields }
        var isBelowSecret = false
        return head.fields.map { field in
            if let first = field.name.unicodeScalars.first, first == " " || first == "\t" {
                // A folded line goes on with the value before it (RFC 9112 section 5.2).
                guard isBelowSecret else {
                    return MessageHead.Field(name: self.target(field.name), value: self.target(field.value))
                }
                return MessageHead.Field(name: " " + Self.mask, value: field.value.isEmpty ? "" : Self.mask)
            }
            let value = self.value(field.value, of: field.name)
            isBelowSecret = value != field.value || self.hidesAll(member: field.name)
            return MessageHead.Field(name: self.target(field.name), value: value)
        }
    }

    /// Hides the secret values of a body that came with this head.
    package func body(_ bytes: [UInt8], head: MessageHead) -> (bytes: [UInt8], hidden: Int) {
        guard !self.isOff, !bytes.isEmpty else { return (bytes, 0) }
        return self.body(
            bytes, type: head.value(of: "content-type"), encoding: head.value(of: "content-encoding"))
    }

    /// How many values of an exchange are hidden.
    package func count(in exchange: Exchange) -> Int {
        guard !self.isOff else { return 0 }
        let heads = [MessageHead(exchange.requestHead), MessageHead(exchange.responseHead)]
        let fields = heads.reduce(0) { sum, head in
            sum + zip(self.fields(of: head), head.fields).count { $0 != $1 }
        }
        let bodies =
            self.body(exchange.requestBody.bytes, head: heads[0]).hidden
            + self.body(exchange.responseBody.bytes, head: heads[1]).hidden
        return fields + bodies + (self.startLine(of: heads[0]) == heads[0].startLine ? 0 : 1)
    }
}
