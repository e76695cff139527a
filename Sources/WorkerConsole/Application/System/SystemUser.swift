import Glibc

/// The operating system's user that runs the program.
enum SystemUser {
    /// As in the system's list of users; the number where that has none.
    static var name: String { self.entry { $0.pw_name } ?? "\(getuid())" }

    /// The user's own folder, by the system's list of users.
    static var home: String? { self.entry { $0.pw_dir } }

    private static func entry(_ field: (passwd) -> UnsafeMutablePointer<CChar>?) -> String? {
        var user = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var texts = [CChar](repeating: 0, count: 16_384)
        // The texts of the entry stand in the buffer, so they are copied before it goes.
        return texts.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, getpwuid_r(getuid(), &user, start, buffer.count, &found) == 0,
                found != nil
            else { return nil }
            return field(user).map { String(cString: UnsafePointer($0)) }
        }
    }
}
