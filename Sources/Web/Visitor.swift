/// Whoever sent the request, as the session knows them.
package struct Visitor: Sendable, Equatable {
    /// A person with an account, as of this request: a role taken away is gone at the next click.
    package struct Account: Sendable, Equatable {
        package let personID: Int64
        package let name: String
        /// The unit they work in, by its code in the profile; nil for enterprises and CPPCC members.
        package let unitCode: String?
        package let roles: Set<Role>

        package init(personID: Int64, name: String, unitCode: String?, roles: Set<Role>) {
            self.personID = personID
            self.name = name
            self.unitCode = unitCode
            self.roles = roles
        }
    }

    package let account: Account?
    /// Ties forms to the browser they were sent to: the CSRF token is made from it.
    package let sessionKey: String

    package init(account: Account?, sessionKey: String) {
        self.account = account
        self.sessionKey = sessionKey
    }
}
