/// An object of JSON from a file or a response, read strictly: bytes that are not JSON as a whole are none.
///
/// Of members with one name the first counts.
package struct JSONObject {
    /// A member, for somebody who expects a text.
    package enum Member: Sendable, Equatable {
        /// There is none, or it is `null`.
        case absent
        case text(String)
        /// Something else, or a text that no string can hold.
        case other
    }

    private let members: [(name: String, value: ArraySlice<UInt8>)]

    /// Fails for anything but one object, nested up to ``JSONSyntax/depthLimit``.
    /// - Parameter bytes: A byte order mark in front of them is left out.
    package init?(_ bytes: ArraySlice<UInt8>) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
        guard JSONSyntax.isValid(bytes), JSONMembers.trimmed(bytes).first == UInt8(ascii: "{") else { return nil }
        var members: [(name: String, value: ArraySlice<UInt8>)] = []
        for member in JSONMembers.split(Array(bytes)) {
            guard let name = JSONMembers.text(member.name) else { return nil }
            members.append((name, JSONMembers.trimmed(member.value)))
        }
        self.members = members
    }

    package subscript(_ name: String) -> Member {
        guard let value = self.value(name), !value.elementsEqual("null".utf8) else { return .absent }
        return JSONString.text(value).map { .text($0) } ?? .other
    }

    /// A member that is an object itself.
    package func object(_ name: String) -> JSONObject? { self.value(name).flatMap { JSONObject($0) } }

    private func value(_ name: String) -> ArraySlice<UInt8>? {
        self.members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}
