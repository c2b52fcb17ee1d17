//! Code lists of accounts: roles, kinds of actors, sessions and secrets.

use crate::domain::codes::code_list;

code_list! {
    /// What a person is employed to do. A person may hold several.
    Role {
        Counselor = "counselor", "就业专干", "job counselor";
        Hr = "hr", "企业人事", "factory HR";
        Official = "official", "主管干部", "official";
        Administrator = "administrator", "系统管理员", "administrator";
        Auditor = "auditor", "审计员", "auditor";
    }
}

code_list! {
    /// Who acts.
    ActorKind {
        /// A person with an account.
        Account = "account", "账号", "account";
        /// Whoever holds the key file and works at the command line.
        Operator = "operator", "命令行操作员", "operator at the command line";
        /// The program itself: jobs and the clock.
        System = "system", "系统", "the program";
        /// Before sign-in.
        Anonymous = "anonymous", "未登录", "not signed in";
    }
}

code_list! {
    SessionKind {
        Session = "session", "登录会话", "sign-in";
        ApiToken = "api_token", "接口令牌", "API token";
    }
}

code_list! {
    /// A secret that works once.
    SecretKind {
        FirstAdministrator = "first_administrator", "首个管理员", "first administrator";
        Reset = "reset", "重设密码", "password reset";
    }
}
