/// What may be assigned to and deleted.
extension PythonParser {
    /// Refuses what is no target of an assignment, a loop, `with` or an assignment of several.
    func checkTarget(_ target: PythonExpression, at place: SourcePlace) throws(SourceError) {
        if case .starred = target.unplaced {
            throw self.fail("starred assignment target must be in a list or tuple", at: place)
        }
        try self.checkPart(target, at: target.place ?? place)
    }

    private func checkPart(_ target: PythonExpression, at place: SourcePlace) throws(SourceError) {
        let place = target.place ?? place
        switch target.unplaced {
        case .group(let inner): try self.checkPart(inner, at: place)
        case .tuple(let items), .list(let items):
            var stars = 0
            for item in items {
                if case .starred(let inner) = item.unplaced {
                    stars += 1
                    if case .starred = inner.unplaced {
                        throw self.fail("can't use starred expression here", at: place)
                    }
                    try self.checkPart(inner, at: place)
                } else {
                    try self.checkPart(item, at: place)
                }
            }
            if stars > 1 { throw self.fail("multiple starred expressions in assignment", at: place) }
        default: try self.checkSimple(target.unplaced, at: place, verb: "assign to")
        }
    }

    /// Refuses what is no name, attribute or item.
    func checkSingleTarget(
        _ target: PythonExpression, at place: SourcePlace, words: String
    ) throws(SourceError) {
        switch target.bare {
        case .name, .attribute, .item: try self.checkSimple(target.bare, at: target.place ?? place, verb: "assign to")
        default: throw self.fail("\(Self.describe(target.bare)) \(words)", at: target.place ?? place)
        }
    }

    private func checkSimple(
        _ target: PythonExpression, at place: SourcePlace, verb: String
    ) throws(SourceError) {
        switch target {
        case .name("__debug__"), .attribute(_, "__debug__"): throw self.fail("cannot \(verb) __debug__", at: place)
        case .name, .attribute, .item: return
        default:
            let isComparable = verb == "assign to"
            throw self.fail(
                "cannot \(verb) \(Self.describe(target))", at: place,
                fix: isComparable ? "write == to compare" : nil)
        }
    }

    func checkDeleted(_ target: PythonExpression, at place: SourcePlace) throws(SourceError) {
        let place = target.place ?? place
        switch target.unplaced {
        case .group(let inner): try self.checkDeleted(inner, at: place)
        case .tuple(let items), .list(let items):
            for item in items { try self.checkDeleted(item, at: place) }
        default: try self.checkSimple(target.unplaced, at: place, verb: "delete")
        }
    }

    static func describe(_ expression: PythonExpression) -> String {
        switch expression {
        case .call: "function call"
        case .text, .bytes, .number: "literal"
        case .formatted: "f-string expression"
        case .constant(.none): "None"
        case .constant(.yes): "True"
        case .constant(.no): "False"
        case .constant(.ellipsis): "ellipsis"
        case .tuple: "tuple"
        case .list: "list"
        case .set: "set display"
        case .dictionary: "dict literal"
        case .await: "await expression"
        case .yield: "yield expression"
        case .lambda: "lambda"
        case .comprehension(_, _, let kind): kind.rawValue
        case .conditional: "conditional expression"
        case .not, .boolean, .arithmetic: "expression"
        case .compare: "comparison"
        case .starred: "starred"
        case .walrus: "named expression"
        default: "expression"
        }
    }

    // MARK: - Targets that end before `in`

    /// Targets of `for`, without taking the `in`.
    mutating func targetList() throws(SourceError) -> PythonExpression {
        let place = self.place
        var items = [try self.targetItem()]
        var isTuple = false
        while self.take(.comma) {
            isTuple = true
            if self.isNext(.in) { break }
            items.append(try self.targetItem())
        }
        let target: PythonExpression = isTuple ? .tuple(items) : items[0]
        if self.isNext(.in) { try self.checkTarget(target, at: place) }
        return target
    }

    private mutating func targetItem() throws(SourceError) -> PythonExpression {
        if self.take(.star) { return .starred(try self.arithmetic()) }
        return try self.arithmetic()
    }

    /// The target behind `as` of `with`.
    mutating func withTarget() throws(SourceError) -> PythonExpression {
        let place = self.place
        let target = try self.targetItem()
        try self.checkTarget(target, at: place)
        return target
    }
}
