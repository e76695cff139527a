import WorkerDomain

/// Numbers the routes of request heads in the order of their first one.
struct RouteNames {
    private var numbers = ByteNumbers()
    private var name: [UInt8] = []
    /// Method and pattern of the last one asked for.
    private var method = 0..<0
    private var path = 0..<0

    /// - Returns: The same number for the same owner, method and pattern of the path; `nil` without a method.
    mutating func number(of head: [UInt8], owner: String) -> Int? {
        guard let parts = MessageHead.requestLineParts(of: head.span), !parts.method.isEmpty else { return nil }
        // Neither a method nor a path has a blank in it.
        self.name.removeAll(keepingCapacity: true)
        self.name.append(contentsOf: MessageHead.utf8(head[parts.method]))
        self.method = 0..<self.name.count
        self.name.append(0x20)
        let target = MessageHead.utf8(head[parts.target])
        RoutePattern.append(pathOf: target.span, to: &self.name)
        self.path = self.method.upperBound + 1..<self.name.count
        self.name.append(0x20)
        self.name.append(contentsOf: owner.utf8)
        return self.numbers.number(of: self.name)
    }

    /// What the last number stands for.
    var newest: (method: String, path: String) {
        (MessageHead.text(self.name[self.method]), MessageHead.text(self.name[self.path]))
    }
}
