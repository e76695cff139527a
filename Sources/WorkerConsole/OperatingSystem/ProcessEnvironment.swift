import CLinux

/// The variables of this process's environment.
package enum ProcessEnvironment {
    /// All of them as they are now; to be called while no other thread changes them.
    package static func current() -> [String: String] {
        guard let entries = cl_environment() else { return [:] }
        var variables: [String: String] = [:]
        var index = 0
        while let entry = entries[index] {
            if let (name, value) = self.variable(String(cString: entry)) { variables[name] = value }
            index += 1
        }
        return variables
    }

    /// An entry's name and value; `nil` for one without `=`, which is no variable.
    ///
    /// What follows the first `=` byte is the value, also where a combining mark makes another character of it.
    static func variable(_ entry: String) -> (name: String, value: String)? {
        guard let mark = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let (name, value) = (entry.utf8[..<mark], entry.utf8[entry.utf8.index(after: mark)...])
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
