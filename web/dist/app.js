var h,Mt,Qe,q,Ye,be,At,_e,Ot,Xe,Ze,Xn,le=Symbol.for("pv"),we={},ke=[],ei=/^m(i|n|o|s|text|space)$/,et=Array.isArray,tt=ke.slice,Y=Object.assign;function z(n){n&&
n.parentNode&&n.remove()}function $t(n,e,t){var i,o,r,s={},a=arguments.length;for(r in e)r=="key"?i=e[r]:r=="ref"&&typeof n!="function"?o=e[r]:s[r]=e[r];return a>
2&&(s.children=a>3?tt.call(arguments,2):t),ae(n,s,i,o,null)}function ae(n,e,t,i,o){var r={type:n,props:e,key:t,ref:i,__k:null,__:null,__b:0,__e:null,__c:null,constructor:le,__v:o||++Mt,__i:-1,__u:0};return!o&&h.vnode&&h.
vnode(r),r}function C(n){return n.children}function B(n,e){this.props=n,this.context=e,this.__g=0}function W(n,e){if(e==null)return n.__&&W(n.__,n.__i+1);for(var t;e<n.__k.
length;e++)if((t=n.__k[e])&&t.__e)return t.__e;return typeof n.type!="function"||n.props.__P?null:W(n)}function ti(n){var e,t=n.__v,i=t.__e,o=[],r=[],s=n.__P;s&&
((e=Y({constructor:le},t)).__v=t.__v+1,h.vnode&&h.vnode(e),nt(s,e,t,n.__n,s.namespaceURI,32&t.__u?[i]:null,o,i||W(t),32&t.__u,r),e.__v=t.__v,e.__.__k[e.__i]=e,Ft(
o,e,r),t.__=t.__e=null,e.__e!=i&&Lt(e))}function Lt(n){if((n=n.__)&&n.__c&&!n.props.__P)return n.__e=null,n.__k.some(function(e){return e&&(n.__e=e.__e)}),Lt(n)}
function Ct(n){(8&n.__g||(n.__g|=8,q.push(n),be++))&&Ye==h.debounceRendering||((Ye=h.debounceRendering)||queueMicrotask)(Dt)}function Dt(){try{for(var n,e=1;q.length;)
q.length>e&&q.sort(At),n=q.shift(),e=q.length,8&n.__g&&ti(n)}finally{(be=q.length)&&(Ye||queueMicrotask)(Dt)}}function It(n,e,t,i,o,r,s,a,c,d,f){var y,g,u,m,M,_,
w=i.__k||ke,v=e.length;for(c=ni(t,e,w,c,v),y=0;y<v;y++)(u=t.__k[y])!=null&&(g=~u.__i&&w[u.__i]||we,u.__i=y,_=nt(n,u,g,o,r,s,a,c,d,f),m=u.__e,(g.ref!=u.ref||8&g.
__u)&&(g.ref&&it(g.ref,null,u,g),u.ref&&f.push(u.ref,u.__c||m,u)),M=M||m,4&u.__u?(c=Ht(u,c,n,!g.__v),g.__e&&(g.__e=null)):typeof u.type=="function"&&_!==void 0?
c=_:m&&(c=m.nextSibling),u.__u&=-21);return t.__e=M,c}function ni(n,e,t,i,o){var r,s,a,c,d,f,y,g,u,m=t.length,M=m,_=0,w=0,v=n.__k=Array(o);for(r=0;r<o;r++)(s=e[r])!=
null&&typeof s!="boolean"&&typeof s!="function"?(typeof s!="object"||s.constructor===String?s=v[r]=ae(null,s):et(s)?s=v[r]=ae(C,{children:s}):s.constructor===le&&
s.__b?s=v[r]=ae(s.type,s.props,s.key,s.ref,s.__v):v[r]=s,c=r+_,s.__=n,s.__b=n.__b+1,a=null,~(d=s.__i=ii(s,t,c,M))&&(M--,(a=t[d])&&(a.__u|=2)),a&&a.__v?(s.__u|=16,
d==c-1?_--:d==c+1?_++:d!=c&&(d>c?_--:_++,w=1)):(~d||(o>m?_--:o<m&&_++),typeof s.type!="function"&&(s.__u|=4))):v[r]=null;if(w){for(f=[],y=[],r=0;r<o;r++)if((s=v[r])&&
16&s.__u){for(_=0,g=f.length;_<g;)f[u=_+g>>1]<s.__i?_=u+1:g=u;f[_]=s.__i,y[r]=_+1}for(_=f.length;r--;)y[r]&&(y[r]==_?_--:v[r].__u|=4)}if(M)for(r=0;r<m;r++)!(a=t[r])||
2&a.__u||(a.__e==i&&(i=W(a)),ot(a,a));return i}function Ht(n,e,t,i){var o,r,s,a;if(typeof n.type=="function"){if(n.props.__P)return e;if(o=n.__k)for(r=0;r<o.length;r++)
o[r]&&(o[r].__=n,e=Ht(o[r],e,t,!1));return e}for(e&&!e.parentNode&&(e=W(n))&&!e.parentNode&&(e=null),s=n.__e,a=e;a&&a.nodeType==8;)a=a.nextSibling;for(s!=a&&(!i&&
t.moveBefore&&s.parentNode?t.moveBefore(s,e):t.insertBefore(s,e||null)),e=s;(e=e&&e.nextSibling)&&e.nodeType==8&&!e.data.startsWith("$s"););return e}function ii(n,e,t,i){var o,r=n.key,s=n.type,a=e[t],c=a&&!(2&a.__u);if(a===null&&r==null||c&&r==a.key&&s==a.type)return t;if(i>(c?1:0)){for(o=t-1;o>=0;o--)if((a=
e[o])&&!(2&a.__u)&&r==a.key&&s==a.type)return o;for(o=t+1;o<e.length;o++)if((a=e[o])&&!(2&a.__u)&&r==a.key&&s==a.type)return o}return-1}function Pt(n,e,t){t==null&&
(t=""),e[0]=="-"?n.setProperty(e,t):n[e]=t}function ge(n,e,t,i,o){var r,s;if(e=="style")if(typeof t=="string")n.style.cssText=t;else{if(typeof i=="string"&&(n.style.
cssText=i=""),i)for(e in i)t&&e in t||Pt(n.style,e);if(t)for(e in t)i&&t[e]==i[e]||Pt(n.style,e,t[e])}else if(e[0]=="o"&&e[1]=="n")typeof t!="function"&&(t=null),
typeof i!="function"&&(i=null),(n.__e||(n.__e={}))[e]=t,t&&i||(s=Ze[e]||(Ze[e]=oi(e)),(n.__a||(n.__a={}))[e]=Xe,r=e!=(e=e.replace(Ot,"$1")),(e=e.slice(2))[0]<"a"&&
(e=e.toLowerCase()),t?n.addEventListener(e,s,r):n.removeEventListener(e,s,r));else{if(o=="http://www.w3.org/2000/svg")e=e.replace(/xlink(H|:h)/,"h").replace(/sName$/,
"s");else if(e!="width"&&e!="height"&&e!="href"&&e!="list"&&e!="form"&&e!="tabIndex"&&e!="download"&&e!="rowSpan"&&e!="colSpan"&&e!="role"&&e!="popover"&&e in n)
try{return void(n[e]=t??"")}catch{}if(typeof t=="function")return;t==null||t===!1&&e[4]!="-"?n.removeAttribute(e):n.setAttribute(e,e=="popover"&&t==1?"":t)}}function oi(n){
return function(e){var t=this.__e;if(t){if(t=t[n],e[_e]==null)e[_e]=Xe++;else if(e[_e]<this.__a[n])return;return t(h.event?h.event(e):e)}}}function nt(n,e,t,i,o,r,s,a,c,d){
var f,y,g,u,m,M,_,w,v,A,x,ze,Tt,ve,G,Rt,j,J,N=e.type;if(e.constructor!==le)return null;128&t.__u&&(c=32&t.__u,f=t.__c.__z)&&(e.__u|=c,y=r=[],f.nodeType==8?a=ye(
f,r):r.push(f),a=r[0]||a),(f=h.__b)&&f(e);e:if(typeof N=="function"){g=s.length;try{if(w=e.props,v=(f=N.prototype)&&f.render,A=(f=N.contextType)&&i[f.__c],x=f?A?
A.props.value:f.__:i,(u=t.__c)?(e.__c=u,2&u.__g&&(u.__g|=1)):(v?e.__c=u=new N(w,x):(e.__c=u=new B(w,x),u.constructor=N,u.render=si),A&&A.sub(u),u.state||(u.state=
{}),u.__n=i,u.__g|=8,u.__h=[],u.__k=[]),v&&(u.__s||(u.__s=u.state),N.getDerivedStateFromProps&&(u.__s==u.state&&(u.__s=Y({},u.__s)),Y(u.__s,N.getDerivedStateFromProps(
w,u.__s)))),m=u.props,M=u.state,u.__v=e,t.__c){if(w!==m&&v&&!N.getDerivedStateFromProps&&u.componentWillReceiveProps&&u.componentWillReceiveProps(w,x),e.__v==t.
__v&&!(8&u.__g)||!(4&u.__g)&&u.shouldComponentUpdate&&u.shouldComponentUpdate(w,u.__s,x)===!1){e.__v!=t.__v&&(u.props=w,u.state=u.__s,u.__g&=-9),e.__e=t.__e,e.__k=
t.__k,e.__k.some(function(D){D&&(D.__=e)}),ke.push.apply(u.__h,u.__k),u.__k=[],u.__h.length&&s.push(u),a=W(t);break e}u.componentWillUpdate&&u.componentWillUpdate(
w,u.__s,x),v&&u.componentDidUpdate&&u.__h.push(function(){u.componentDidUpdate(m,M,_)})}else v&&!N.getDerivedStateFromProps&&u.componentWillMount&&u.componentWillMount(),
v&&u.componentDidMount&&u.__h.push(u.componentDidMount);u.context=x,u.props=w,u.__P=n,u.__g&=-5,ze=h.__r,Tt=v?25:0;do u.__g&=-9,ze&&ze(e),f=u.render(u.props,u.state=
u.__s,u.context);while(8&u.__g&&++Tt<25);v&&(ke.push.apply(u.__h,u.__k),u.__k=[]),u.state=u.__s,u.getChildContext&&(i=Y({},i,u.getChildContext())),v&&t.__c&&u.getSnapshotBeforeUpdate&&
(_=u.getSnapshotBeforeUpdate(m,M)),ve=f&&f.type===C&&f.key==null?f.props.children:f,w.__P&&(f=a,o=(n=w.__P).namespaceURI,c=r=null,t.props&&t.props.__P!=n&&(t.__k.
some(function(D){D&&ot(D,D)}),t.__k=null),a=t.__k?W(t,0):null),a=It(n,et(ve)?ve:[ve],e,t,i,o,r,s,a,c,d),w.__P&&(e.__e=null,a=f),e.__u&=-161,y&&y.some(z),u.__h.length&&
s.push(u),1&u.__g&&(u.__g&=-4)}catch(D){if(s.length=g,e.__v=null,c||r)if(D&&D.then){if(e.__u|=128|c,r){for(~(j=r.indexOf(a||void 0))||(j=r.length);(J=r[j-1])&&J.
nodeType==8;)j--;for(;j<r.length;j++)if(J=r[j])if(r[j]=null,G){if(J==Rt)break}else{if(J.nodeType!=8)break;J.data.startsWith("$s")&&(Rt=ye(G=J))}}if(!G){for(;a&&
a.nodeType==8&&a.nextSibling;)a=a.nextSibling;G=a}(f=ye(G=e.__c.__z||(e.__c.__z=G)))?(e.__e=G,a=f):e.__e=a,a=a&&a.nextSibling}else r&&r.some(z);else e.__e=t.__e;
e.__k||(e.__k=t.__k||[]),D&&D.then||Nt(e),h.__e(D,e,t)}}else a=e.__e=ri(t.__e,e,t,i,o,r,s,c,d,n);return(f=h.diffed)&&f(e),a}function ye(n,e){if(n&&n.nodeType==8&&
n.data.startsWith("$s"))for(var t=1;n=n.nextSibling;){if(n.nodeType==8){if(n.data.startsWith("$s"))t++;else if(n.data.startsWith("/$s")&&!--t)return n}e&&e.push(
n)}}function Nt(n){n&&(n.__c&&(n.__c.__g|=4),n.__k&&n.__k.some(Nt))}function Ft(n,e,t){for(var i=0;i<t.length;)it(t[i++],t[i++],t[i++]);h.__c&&h.__c(e,n),n.some(
function(o){try{n=o.__h,o.__h=[],n.some(function(r){r.call(o)})}catch(r){h.__e(r,o.__v)}})}function ri(n,e,t,i,o,r,s,a,c,d){var f,y,g,u,m,M,_,w,v=t.props||we,A=e.
props,x=e.type;if(x=="svg"?o="http://www.w3.org/2000/svg":x=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),r){for(f=0;f<r.
length;f++)if((m=r[f])&&(x?m.localName==x:m.nodeType==3)){n=m,r[f]=null;break}}if(!n){if(w=d.ownerDocument||document,!x)return w.createTextNode(A);n=w.createElementNS(
o,x,A.is?A:d),a&&(h.__m&&h.__m(e,r),a=!1),r=null}if(x){if(d=x=="template"&&n.content||n,r=x=="textarea"&&A.defaultValue!=null?null:r&&tt.call(d.childNodes),!a&&
r)for(v={},f=0;f<n.attributes.length;f++)v[(m=n.attributes[f]).name]=m.value;for(f in v)m=v[f],f=="dangerouslySetInnerHTML"?g=m:f=="children"||f in A||f=="value"&&
"defaultValue"in A||f=="checked"&&"defaultChecked"in A||ge(n,f,null,m,o);for(f in A)m=A[f],f=="children"?u=m:f=="dangerouslySetInnerHTML"?y=m:f=="value"?M=m:f==
"checked"?_=m:a&&typeof m!="function"||v[f]===m||ge(n,f,m,v[f],o);y?(a||g&&(y.__html==g.__html||y.__html==n.innerHTML)||(n.innerHTML=y.__html),e.__k=[]):(g&&(n.
textContent=""),(x=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&ei.test(x))&&(o="http://www.w3.org/1999/xhtml"),It(d,et(u)?u:[u],e,t,i,o,r,s,r?r[0]:
t.__k&&W(t,0),a,c),r&&r.some(z)),a&&x!="textarea"||(f="value",x=="progress"&&M==null?n.removeAttribute(f):M==null||M===n[f]&&(x!="progress"||M)||ge(n,f,M,v[f],o),
f="checked",_!=null&&_!=n[f]&&ge(n,f,_,v[f],o))}else v===A||a&&n.data==A||(n.data=A);return n}function it(n,e,t,i){try{typeof n=="function"?e?e.__x=n(e)||1:i&&(i=
i.__c||i.__e)&&(e=i.__x)&&(i.__x=null,typeof e=="function"?e():n(null)):n.current=e}catch(o){h.__e(o,t)}}function ot(n,e,t){var i,o,r,s;if(h.unmount&&h.unmount(
n),!(i=n.ref)||i.current&&i.current!=n.__e||it(i,null,e,n),i=n.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(a){h.__e(a,e)}i.__P=i.__n=null}
if(i=n.__k)for(s=0;s<i.length;s++)i[s]&&ot(i[s],e,typeof n.type!="function"||t&&!n.props.__P);!t&&(i=n.__c)&&(i=i.__z)&&(o=ye(i,r=[]))&&(i==n.__e&&r.some(z),z(o),
z(i)),t||z(n.__e),n.__e=n.__c=n.__=null}function si(n,e,t){return this.constructor(n,t)}function Ut(n,e){var t,i,o,r;h.__&&h.__(n,e),e.nodeType==9&&(e=e.documentElement),
i=(t=n&&32&n.__u)?null:e.__k,e.__k=ae(C,{children:[n]}),o=[],r=[],nt(e,e.__k,i||we,we,e.namespaceURI,i?null:e.firstChild?tt.call(e.childNodes):null,o,i?i.__e:e.
firstChild,t,r),Ft(o,e.__k,r),e.__k.props.children=null}h={__e:function(n,e,t,i){for(var o,r,s;e=e.__;)if((o=e.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(r=o.constructor)&&r.getDerivedStateFromError)&&o.setState(r.getDerivedStateFromError(
n)),o.componentDidCatch&&(o.componentDidCatch(n,i||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(a){n=a}}throw be=0,n}},Mt=0,Qe=function(n){return n!=null&&n.
constructor===le},B.prototype.setState=function(n,e){var t=this.__s;t&&t!=this.state||(t=this.__s=Y({},this.state)),typeof n=="function"&&(n=n(Y({},t),this.props)),
n&&(Y(t,n),this.__v&&(e&&this.__k.push(e),Ct(this)))},B.prototype.forceUpdate=function(n){this.__v&&(this.__g|=4,n&&this.__h.push(n),Ct(this))},B.prototype.render=
C,q=[],be=0,At=function(n,e){return n.__v.__b-e.__v.__b},_e=Symbol(),Ot=/(PointerCapture)$|Capture$/i,Xe=0,Ze={},Xn=0;var ce,O,rt,jt,ai=Object.is,st=0,Yt=[],at=[],E=h,qt=E.__b,Bt=E.__r,Wt=E.diffed,Vt=E.__c,Kt=E.unmount,Gt=E.__;function ut(n,e){E.__h&&E.__h(O,n,st||e),st=0;var t=O.
__H||(O.__H={__:[],__h:[]});return n>=t.__.length&&t.__.push({}),t.__[n]}function ct(n,e){var t=ut(ce++,3);!E.__s&&ft(t.__H,e)&&(t.__P=!0,t.__=n,t.u=e,O.__H.__h.push(t))}function ee(n,e){var t=ut(ce++,4);!E.__s&&ft(t.__H,e)&&(t.__P=!1,
t.__=n,t.u=e,O.__h.push(t))}function Z(n){return st=5,te(function(){return{current:n}},[])}function te(n,e){var t=ut(ce++,7);return ft(t.__H,e)&&(t.__=n(),t.__H=e),t.__}function li(){var n;do{for(;n=at.shift();)try{ue(n)}catch(t){E.__e(t,{__:(n=n.__P)&&n.__v})}for(;n=Yt.shift();){var e=n.__H;if(n.__P&&e)try{e.__h.some(ue),e.__h.
some(lt),e.__h=[]}catch(t){e.__h=[],E.__e(t,n.__v)}}}while(at.length)}E.__b=function(n){O=null,qt&&qt(n)},E.__=function(n,e){n&&e.__k&&e.__k.__m&&(n.__m=e.__k.__m),
Gt&&Gt(n,e)},E.__r=function(n){Bt&&Bt(n),ce=0;var e=(O=n.__c).__H;e&&(rt==O?O.__h=[]:(e.__h.some(ue),e.__h.some(lt),ce=0),e.__h=[],e.__.some(function(t){t.__N&&
(t.__=t.__N),t.u=t.__N=void 0})),rt=O},E.diffed=function(n){Wt&&Wt(n);var e=n.__c;e&&e.__H&&(e.__H.__h.length&&zt(Yt.push(e)),e.__H.__.some(function(t){t.u&&(t.
__H=t.u)})),rt=O=null},E.__c=function(n,e){e.some(function(t){try{t.__h.some(ue),t.__h=t.__h.filter(function(i){return!i.__||lt(i)})}catch(i){t.__h=[function(){
throw i}]}}),Vt&&Vt(n,e)},E.unmount=function(n){Kt&&Kt(n);var e,t,i=n.__c;i&&i.__H&&(i.__H.__.some(function(o){try{if(o.__P&&o.__c){if(t===void 0){for(t=n.__;t&&
(!t.__c||!t.__c.__P);)t=t.__;t=t&&t.__c}o.__P=t,zt(at.push(o))}else ue(o)}catch(r){e=r}}),i.__H=void 0,e&&E.__e(e,i.__v))};var Jt=typeof requestAnimationFrame==
"function";function ui(n){var e,t=function(){clearTimeout(i),Jt&&cancelAnimationFrame(e),setTimeout(n)},i=setTimeout(t,35);Jt&&(e=requestAnimationFrame(t))}function zt(n){
n!=1&&jt==E.requestAnimationFrame||((jt=E.requestAnimationFrame)||ui)(li)}function ue(n){var e=O,t=n.__c;typeof t=="function"&&(n.__c=void 0,t()),O=e}function lt(n){
var e=O;n.__c=n.__(),O=e}function ft(n,e){return!n||n.length!=e.length||e.some(function(t,i){return!ai(t,n[i])})}var ci=Symbol.for("preact-signals");function Te(){if(F>1)F--;else{var n,e=!1;for((function(){var o=Ee;for(Ee=void 0;o!==void 0;){var r=o.S;if(r.v===o.v)for(var s=r.
t;s!==void 0;s=s.x)s.i===o.i&&(s.i=r.i);o=o.o}})();de!==void 0;){var t=de;for(de=void 0,xe++;t!==void 0;){var i=t.u;if(t.u=void 0,t.f&=-3,!(8&t.f)&&Qt(t))try{t.
c()}catch(o){e||(n=o,e=!0)}t=i}}if(xe=0,F--,e)throw n}}function me(n){if(F>0)return n();dt=++fi,F++;try{return n()}finally{Te()}}var fe,b=void 0;function he(n){
var e=b,t=fe;b=void 0,fe=void 0;try{return n()}finally{b=e,fe=t}}var de=void 0,F=0,xe=0,fi=0,dt=0,Ee=void 0,Se=0;function Zt(n){if(b!==void 0){var e=n.n;if(e===
void 0||e.t!==b)return e={i:0,S:n,p:b.s,n:void 0,t:b,e:void 0,x:void 0,r:e},b.s!==void 0&&(b.s.n=e),b.s=e,n.n=e,32&b.f&&n.S(e),e;if(e.i===-1)return e.i=0,e.n!==
void 0&&(e.n.p=e.p,e.p!==void 0&&(e.p.n=e.n),e.p=b.s,e.n=void 0,b.s.n=e,b.s=e),e}}function P(n,e){this.v=n,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=
e?.watched,this.Z=e?.unwatched,this.name=e?.name}P.prototype.brand=ci;P.prototype.h=function(){return!0};P.prototype.S=function(n){var e=this,t=this.t;t!==n&&n.
e===void 0&&(n.x=t,this.t=n,t!==void 0?t.e=n:he(function(){var i;(i=e.W)==null||i.call(e)}))};P.prototype.U=function(n){var e=this;if(this.t!==void 0){var t=n.e,
i=n.x;t!==void 0&&(t.x=i,n.e=void 0),i!==void 0&&(i.e=t,n.x=void 0),n===this.t&&(this.t=i,i===void 0&&he(function(){var o;(o=e.Z)==null||o.call(e)}))}};P.prototype.
subscribe=function(n){var e=this;return U(function(){var t=e.value;he(function(){return n(t)})},{name:"sub"})};P.prototype.valueOf=function(){return this.value};
P.prototype.toString=function(){return this.value+""};P.prototype.toJSON=function(){return this.value};P.prototype.peek=function(){var n=this;return he(function(){
return n.value})};Object.defineProperty(P.prototype,"value",{get:function(){var n=Zt(this);return n!==void 0&&(n.i=this.i),this.v},set:function(n){if(n!==this.v){
if(xe>100)throw new Error("Cycle detected");(function(t){F!==0&&xe===0&&t.l!==dt&&(t.l=dt,Ee={S:t,v:t.v,i:t.i,o:Ee})})(this),this.v=n,this.i++,Se++,F++;try{for(var e=this.
t;e!==void 0;e=e.x)e.t.N()}finally{Te()}}}});function p(n,e){return new P(n,e)}function Qt(n){for(var e=n.s;e!==void 0;e=e.n)if(e.S.i!==e.i||!e.S.h()||e.S.i!==e.
i)return!0;return!1}function Xt(n){for(var e=n.s;e!==void 0;e=e.n){var t=e.S.n;if(t!==void 0&&(e.r=t),e.S.n=e,e.i=-1,e.n===void 0){n.s=e;break}}}function en(n){
for(var e=n.s,t=void 0;e!==void 0;){var i=e.p;e.i===-1?(e.S.U(e),i!==void 0&&(i.n=e.n),e.n!==void 0&&(e.n.p=i)):t=e,e.S.n=e.r,e.r!==void 0&&(e.r=void 0),e=i}n.s=
t}function Q(n,e){P.call(this,void 0,e),this.x=n,this.s=void 0,this.g=Se-1,this.f=4}Q.prototype=new P;Q.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;if((36&
this.f)==32||(this.f&=-5,this.g===Se))return!0;if(this.g=Se,this.f|=1,this.i>0&&!Qt(this))return this.f&=-2,!0;var n=b;try{Xt(this),b=this;var e=this.x();(16&this.
f||this.v!==e||this.i===0)&&(this.v=e,this.f&=-17,this.i++)}catch(t){this.v=t,this.f|=16,this.i++}return b=n,en(this),this.f&=-2,!0};Q.prototype.S=function(n){if(this.
t===void 0){this.f|=36;for(var e=this.s;e!==void 0;e=e.n)e.S.S(e)}P.prototype.S.call(this,n)};Q.prototype.U=function(n){if(this.t!==void 0&&(P.prototype.U.call(
this,n),this.t===void 0)){this.f&=-33;for(var e=this.s;e!==void 0;e=e.n)e.S.U(e)}};Q.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(var n=this.t;n!==void 0;n=
n.x)n.t.N()}};Object.defineProperty(Q.prototype,"value",{get:function(){if(1&this.f)throw new Error("Cycle detected");var n=Zt(this);if(this.h(),n!==void 0&&(n.
i=this.i),16&this.f)throw this.v;return this.v}});function ne(n,e){return new Q(n,e)}function tn(n){var e=n.j;if(n.j=void 0,typeof e=="function"){F++;var t=b;b=
void 0;try{e()}catch(i){throw n.f&=-2,n.f|=8,mt(n),i}finally{b=t,Te()}}}function mt(n){for(var e=n.s;e!==void 0;e=e.n)e.S.U(e);n.x=void 0,n.s=void 0,tn(n)}function di(n){
if(b!==this)throw new Error("Out-of-order effect");en(this),b=n,this.f&=-2;try{8&this.f&&mt(this)}finally{Te()}}function ie(n,e){this.x=n,this.j=void 0,this.s=void 0,
this.u=void 0,this.f=32,this.name=e?.name,fe&&fe.push(this)}ie.prototype.c=function(){var n=this.S();try{if(8&this.f||this.x===void 0)return;var e=this.x();typeof e==
"function"&&(this.j=e)}finally{n()}};ie.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,tn(this),Xt(this),F++;var n=b;
return b=this,di.bind(this,n)};ie.prototype.N=function(){2&this.f||(this.f|=2,this.u=de,de=this)};ie.prototype.d=function(){this.f|=8,1&this.f||mt(this)};ie.prototype.
dispose=function(){this.d()};function U(n,e){var t=new ie(n,e);try{t.c()}catch(o){throw t.d(),o}var i=t.d.bind(t);return i[Symbol.dispose]=i,i}var nn,Ce,Re,mi=typeof window<"u"&&!!window.__PREACT_SIGNALS_DEVTOOLS__;var on=[];U(function(){nn=this.N})();function oe(n,e){h[n]=e.bind(null,h[n]||function(){})}function pe(n){if(Re){var e=Re;Re=void 0,e()}Re=n&&n.S()}function rn(n){
var e=this,t=n.data,i=L(t);i.name="ReactiveDom",i.value=t;var o=te(function(){for(var a=e,c=e.__v;c=c.__;)if(c.__c){c.__c.__$f|=4;break}var d=ne(function(){var u=i.
value.value;return u===0?0:u===!0?"":u||""}),f=ne(function(){return!Array.isArray(d.value)&&!Qe(d.value)}),y=U(function(){if(this.N=sn,f.value){var u=d.value;a.
__v&&a.__v.__e&&a.__v.__e.nodeType===3&&(a.__v.__e.data=u)}}),g=e.__$u.d;return e.__$u.d=function(){y(),g.call(this)},[f,d]},[]),r=o[0],s=o[1];return r.value?s.
peek():s.value}rn.displayName="ReactiveTextNode";Object.defineProperties(P.prototype,{constructor:{configurable:!0,value:$t(C,null).constructor},type:{configurable:!0,
value:rn},props:{configurable:!0,get:function(){var n=this;return{data:{get value(){return n.value}}}}},__b:{configurable:!0,value:1}});oe("__b",function(n,e){if(pe(),
Ce=void 0,typeof e.type=="string"){var t,i=e.props;for(var o in i)if(o!=="children"){var r=i[o];r instanceof P&&(t||(e.__np=t={}),t[o]=r,i[o]=r.peek())}}n(e)});
oe("__r",function(n,e){if(n(e),e.type!==C){pe();var t,i=e.__c;i&&(i.__$f&=-2,(t=i.__$u)===void 0&&(i.__$u=t=(function(o,r){var s;return U(function(){s=this},{name:r}),
s.c=o,s})((function(o){return function(){var r;mi&&((r=this.y)==null||r.call(this)),o.__$f|=1,o.setState({})}})(i),typeof e.type=="function"?e.type.displayName||
e.type.name:""))),Ce=i,pe(t)}});oe("__e",function(n,e,t,i){pe(),Ce=void 0,n(e,t,i)});oe("diffed",function(n,e){pe(),Ce=void 0;var t;if(typeof e.type=="string"&&
(t=e.__e)){var i=e.__np,o=e.props,r=t.U;if(r)for(var s in r){var a=r[s];a===void 0||i&&s in i||(a.d(),r[s]=void 0)}if(i){r||(r={},t.U=r);for(var c in i){var d=r[c],
f=i[c];d===void 0?(d=hi(t,c,f,o),r[c]=d):d.o(f,o)}}}n(e)});function hi(n,e,t,i){var o=e in n&&n.ownerSVGElement===void 0,r=p(t);return{o:function(s,a){r.value=s,
i=a},d:U(function(){this.N=sn;var s=r.value.value;i[e]!==s&&(i[e]=s,o?n[e]=s:s!=null&&(s!==!1||e[4]==="-")?n.setAttribute(e,s):n.removeAttribute(e))})}}oe("unmo\
unt",function(n,e){if(typeof e.type=="string"){var t=e.__e;if(t){var i=t.U;if(i){t.U=void 0;for(var o in i){var r=i[o];r&&r.d()}}}var s=e.__np;if(s){var a=e.props;
for(var c in s)a[c]=s[c]}e.__np=void 0}else{var d=e.__c;if(d){d.__$f|=8;var f=d.__$u;f&&(d.__$u=void 0,f.d())}}n(e)});oe("__h",function(n,e,t,i){i<3&&(e.__$f|=2),
n(e,t,i)});B.prototype.shouldComponentUpdate=function(n,e){if(this.__R)return!0;var t=this.__$u,i=t&&t.s!==void 0;for(var o in e)return!0;if(this.__f||typeof this.
u=="boolean"&&this.u===!0){var r=2&this.__$f;if(!(i||r||4&this.__$f)||1&this.__$f)return!0}else if(!(i||4&this.__$f)||3&this.__$f)return!0;for(var s in n)if(s!==
"__source"&&n[s]!==this.props[s])return!0;for(var a in this.props)if(!(a in n))return!0;return!1};function L(n,e){return te(function(){return p(n,e)},[])}var pi=function(n){queueMicrotask(function(){queueMicrotask(n)})};function vi(){me(function(){for(var n;n=on.shift();)nn.call(n)})}function sn(){on.push(this)===1&&(h.requestAnimationFrame||pi)(vi)}var I=class extends Error{name="Malformed"};function S(n,e){if(typeof n!="object"||n===null||Array.isArray(n))throw new I(`${e} is not an object`);return n}function T(n,e){
let t=n[e];if(typeof t!="string")throw new I(`${e} is not a string`);return t}function k(n,e){let t=n[e];if(typeof t!="number"||!Number.isSafeInteger(t))throw new I(
`${e} is not an integer`);return t}function H(n,e,t){let i=n[e];if(i==null)return[];if(!Array.isArray(i))throw new I(`${e} is not a list`);return i.map(t)}function gi(n){
if(typeof n!="string")throw new I("not a string");return n}function Me(n){let e=S(n,"person");return{id:T(e,"id"),name:T(e,"name")}}function an(n){let e=S(n,"us\
er"),t={id:T(e,"id"),name:T(e,"name")};return typeof e.kind=="string"&&(t.kind=e.kind),typeof e.role=="string"&&(t.role=e.role),t}function Pe(n){let e=S(n,"room"),
t={id:T(e,"id"),name:T(e,"name"),kind:T(e,"kind")};return typeof e.here=="number"&&(t.here=e.here),e.left===!0&&(t.left=!0),e.deleted===!0&&(t.deleted=!0),t}function ln(n){
let e=S(n,"info"),t={name:T(e,"name"),kind:T(e,"kind"),topic:typeof e.topic=="string"?e.topic:"",members:k(e,"members")};return e.deleted===!0&&(t.deleted=!0),t}
function ht(n,e){let t=S(n,"message"),i={number:k(t,"number"),version:e??k(t,"version"),by:T(t,"by"),text:typeof t.text=="string"?t.text:""};return typeof t.key==
"string"&&(i.key=t.key),typeof t.at=="number"&&(i.at=t.at),typeof t.edited=="number"&&(i.edited=t.edited),t.deleted===!0&&(i.deleted=!0),i}function _i(n){let e=S(
n,"member");return{user:T(e,"user"),name:T(e,"name"),joined:e.joined===!0}}function un(n){let e=S(n,"change"),t={room:T(e,"room"),version:k(e,"version")};return e.
message!==void 0&&(t.message=ht(e.message,t.version)),e.member!==void 0&&(t.member=_i(e.member)),e.members!==void 0&&(t.members=k(e,"members")),e.info!==void 0&&
(t.info=ln(e.info)),t}function X(n){let e=S(n,"opened"),t={room:T(e,"room"),epoch:T(e,"epoch"),version:k(e,"version"),number:k(e,"number"),reset:e.reset===!0,changes:H(
e,"changes",un),member:e.member===!0,messages:H(e,"messages",i=>ht(i)),people:H(e,"people",Me),more:e.more===!0};if(e.info!==void 0&&(t.info=ln(e.info)),t.reset&&
!t.info)throw new I("a reset without info");return t}function cn(n){let e=S(n,"page");return{room:T(e,"room"),version:k(e,"version"),messages:H(e,"messages",t=>ht(
t)),people:H(e,"people",Me),more:e.more===!0}}function fn(n){let e=S(n,"posted");return{number:k(e,"number"),version:k(e,"version")}}function dn(n){return H(S(n,
"people"),"people",Me)}function mn(n){let e=S(n,"joined");return{room:T(e,"room"),version:k(e,"version")}}function pt(n){let e=S(n,"hello"),t=S(e.server,"server"),
i=S(e.limits,"limits"),o=null;if(e.me!==null&&e.me!==void 0){let r=S(e.me,"me");o={user:an(r.user),rooms:H(r,"rooms",Pe),version:k(r,"version")}}return{epoch:T(
e,"epoch"),me:o,server:{rooms:H(t,"rooms",Pe),version:k(t,"version")},limits:{text:k(i,"text"),name:k(i,"name"),room:k(i,"room"),frame:k(i,"frame"),behind:k(i,"\
behind")}}}function yi(n){let e=S(n,"error"),t={code:T(e,"code"),message:typeof e.message=="string"?e.message:""};return!t.message&&typeof e.detail=="string"&&(t.
message=e.detail),typeof e.field=="string"&&(t.field=e.field),typeof e.retry_after=="number"&&(t.retryAfter=e.retry_after),typeof e.text=="string"&&(t.text=e.text),
typeof e.version=="number"&&(t.version=e.version),t}function hn(n){let e;try{e=JSON.parse(n)}catch{throw new I("not JSON")}let t=S(e,"frame");if(t.re!==void 0)return t.
error!==void 0?{is:"refusal",re:k(t,"re"),error:yi(t.error)}:{is:"answer",re:k(t,"re"),ok:t.ok};if(t.hello!==void 0)return{is:"hello",hello:pt(t.hello)};if(t.reset!==
void 0)return{is:"reset",reset:X(t.reset)};if(t.me!==void 0)return bi(t);if(t.server!==void 0)return wi(t);if(t.room===void 0)return null;if(t.version!==void 0)
return{is:"change",change:un(t)};if(t.typing!==void 0)return{is:"typing",room:T(t,"room"),users:H(t,"typing",gi)};if(t.here!==void 0){let i=S(t.here,"here");return{
is:"here",room:T(t,"room"),here:{count:k(i,"count"),people:H(i,"people",Me)}}}return null}function bi(n){let e=S(n.me,"me"),t={is:"me",version:k(n,"version")};return e.
user!==void 0&&(t.user=an(e.user)),e.room!==void 0&&(t.room=Pe(e.room)),t}function wi(n){let e=S(n.server,"server"),t={is:"server",version:k(n,"version")};return e.
room!==void 0&&(t.room=Pe(e.room)),t}function pn(n){let e=JSON.parse(n);return{hello:pt(e.hello),open:X(e.open),page:e.page}}function vn(n,e){if((n.messages.at(-1)?.number??0)===n.number)return!0;let i=new URLSearchParams(
e);return!["before","after","at"].some(o=>i.has(o))}function vt(n,e){return`/${encodeURIComponent(n)}/${encodeURIComponent(e)}/`}function gn(n,e,t){return`${vt(n,e)}?at=${t}#m${t}`}function gt(n){let e=/^#m(\d{1,15})$/.
exec(n.hash)?.[1]??new URLSearchParams(n.search).get("at")??"";return/^[1-9]\d{0,14}$/.test(e)?Number(e):void 0}function _n(n){let e=/^\/([^/]+)\/[^/]+\/?$/.exec(
n);if(e?.[1])try{return decodeURIComponent(e[1])}catch{return}}var Ae=class n{static first=250;static base=500;static most=15e3;failures=0;random;constructor(e=Math.random){this.random=e}next(){let e=this.failures++;return e===
0?this.random()*n.first:this.random()*Math.min(n.most,n.base*2**Math.min(e-1,16))}later(){this.failures=Math.max(this.failures,4)}reset(){this.failures=0}};var $=class extends Error{name="Refused";refusal;constructor(e){super(e.message||e.code),this.refusal=e}},V=class extends Error{name="Lost"},ki=8e3,xi=1e4,Ei=3e3,
yn=25e3,Si=4001,Ti=new Set([1002,1003,1007,1009,1011,4008]),Ri={set:(n,e)=>setTimeout(n,e),clear:n=>clearTimeout(n)},Oe=class{config;clock;backoff;asked=new Map;now="\
waiting";link=null;attempt=0;nextID=1;timer=null;failedUpgrades=0;byHTTP=!1;constructor(e){this.config=e,this.clock=e.clock??Ri,this.backoff=new Ae(e.random)}get state(){
return this.now}start(){if(this.now!=="waiting")return;this.enter("connecting");let e=++this.attempt,t=this.byHTTP&&this.config.http||this.config.socket;this.plan(
ki,()=>this.lost(1006)),this.link=t({frame:i=>e===this.attempt&&this.receive(i),down:i=>e===this.attempt&&this.lost(i)})}wake(){this.now==="waiting"?this.start():
this.now==="online"&&this.ask({do:"ping"},Ei).catch(()=>{})}end(){this.drop(),this.enter("ended")}ask(e,t=xi){let i=this.link;return this.now!=="online"||!i?Promise.
reject(new V("not connected")):new Promise((o,r)=>{let s=this.nextID++,a=this.clock.set(()=>this.lost(1006),t);this.asked.set(s,{resolve:o,reject:r,deadline:a}),
i.send(s,e)})}receive(e){let t;try{t=hn(e)}catch(i){if(!(i instanceof I))throw i;this.backoff.later(),this.lost(1002);return}t?.is==="hello"&&this.now==="connec\
ting"&&this.greeted(t.hello),!(this.now!=="online"||t===null||t.is==="hello")&&(this.plan(yn,()=>{this.ask({do:"ping"}).catch(()=>{})}),t.is==="answer"?this.settle(
t.re)?.resolve(t.ok):t.is==="refusal"?this.settle(t.re)?.reject(new $(t.error)):this.config.frame(t))}greeted(e){this.backoff.reset(),this.byHTTP||(this.failedUpgrades=
0),this.plan(yn,()=>{this.ask({do:"ping"}).catch(()=>{})}),this.enter("online"),this.config.hello(e)}settle(e){let t=this.asked.get(e);return t&&this.clock.clear(
t.deadline),this.asked.delete(e),t}lost(e){let t=this.now==="online";if(this.drop(),e===Si){this.enter("ended");return}Ti.has(e)&&this.backoff.later(),this.byHTTP?
this.failedUpgrades=1:t||this.failedUpgrades++,this.byHTTP=!1,this.enter("waiting");let i=this.attempt;this.plan(this.backoff.next(),()=>{this.again(i)})}async again(e){
if(this.failedUpgrades>=2&&this.config.http&&await this.config.answersHTTP?.()){if(e!==this.attempt||this.now!=="waiting")return;this.byHTTP=!0}e===this.attempt&&
this.start()}drop(){this.attempt++,this.clock.clear(this.timer),this.timer=null,this.link?.close(),this.link=null;let e=[...this.asked.keys()];for(let t of e)this.
settle(t)?.reject(new V("the connection was lost"))}plan(e,t){this.clock.clear(this.timer),this.timer=this.clock.set(t,e)}enter(e){e!==this.now&&(this.now=e,this.
config.state(e))}};var $e=class{keep;prefix;constructor(e,t){this.keep=e,this.prefix=`parley/${t}/draft/`}get(e){return this.keep.get(this.prefix+e)??""}set(e,t){t===""?this.keep.
remove(this.prefix+e):this.keep.set(this.prefix+e,t)}};var _t="/api/v1",bt="by_page";async function bn(){try{return(await fetch(`${_t}/me`,{cache:"no-store"})).ok}catch{return!1}}var wn=n=>{let e=new yt(n);return e.
start(),e},yt=class{events;stop=new AbortController;follows=new Map;constructor(e){this.events=e}async start(){try{let e=await this.fetch("GET","/me");if(!e.ok)
throw new Error(e.statusText);this.emit({hello:await e.json()})}catch{this.down()}}send(e,t){t.do==="open"?this.follow(e,t.room,t.at):this.request(e,t)}close(){
this.stop.abort();for(let e of this.follows.values())e.close();this.follows.clear()}async request(e,t){try{let i=await this.dispatch(t);if(i===null){this.emit({
re:e,ok:{}});return}let o=await i.json();this.emit(i.ok?{re:e,ok:o}:{re:e,error:o})}catch{this.down()}}async dispatch(e){let t="room"in e?`/rooms/${encodeURIComponent(
e.room)}/messages`:"";switch(e.do){case"post":return this.fetch("POST",t,{text:e.text},{"Idempotency-Key":e.key});case"edit":return this.fetch("PATCH",`${t}/${e.
number}`,{text:e.text,version:e.version});case"delete":return this.fetch("DELETE",`${t}/${e.number}`);case"history":{let i=new URLSearchParams({limit:String(e.limit??
50)});return e.before!==void 0&&i.set("before",String(e.before)),e.after!==void 0&&i.set("after",String(e.after)),this.fetch("GET",`${t}?${i}`)}case"ping":return this.
fetch("GET","/me");case"close":return this.follows.get(e.room)?.close(),this.follows.delete(e.room),null;case"join":return Response.json({code:bt,message:"Joini\
ng goes by the join page."},{status:501});default:return null}}follow(e,t,i){this.follows.get(t)?.close();let o=new URLSearchParams({at:`${t}:${i?.version??0}`,
epoch:i?.epoch??"-"}),r=new EventSource(`${_t}/changes?${o}`);this.follows.set(t,r);let s=!1;r.addEventListener("open",()=>{i&&!s&&this.emit({re:e,ok:{room:t,...i,
number:0}}),i&&(s=!0)}),r.addEventListener("message",a=>{!s&&a.data.startsWith('{"reset"')?(s=!0,this.emit({re:e,ok:JSON.parse(a.data).reset})):this.events.frame(
a.data)}),r.addEventListener("error",()=>this.down())}fetch(e,t,i,o){let r={method:e,cache:"no-store",signal:this.stop.signal};return i!==void 0&&(r.body=JSON.stringify(
i),r.headers={"Content-Type":"application/json",...o}),fetch(_t+t,r)}emit(e){this.stop.signal.aborted||this.events.frame(JSON.stringify(e))}down(){this.stop.signal.
aborted||(this.close(),this.events.down(1006))}};var xn="0123456789ABCDEFGHJKMNPQRSTVWXYZ",wt=0,kt=0;function Le(n=Date.now()){n>wt?(wt=n,kt=0):kt++;let e=crypto.getRandomValues(new Uint8Array(12)),t="";for(let i of e)
t+=xn.charAt(i%32);return kn(wt,10)+kn(kt,4)+t}function kn(n,e){let t="";for(let i=0;i<e;i++)t=xn.charAt(n%32)+t,n=Math.floor(n/32);return t}function En(n){return e=>{let t=new WebSocket(n),i=new AbortController,o={signal:i.signal};return t.addEventListener("message",r=>typeof r.data=="string"&&e.frame(
r.data),o),t.addEventListener("close",r=>{i.abort(),e.down(r.code)},o),{send(r,s){t.readyState===WebSocket.OPEN&&t.send(JSON.stringify({id:r,...s}))},close(){i.
abort(),t.close()}}}}var De=p(""),Sn;function K(n){clearTimeout(Sn),De.value=n,Sn=setTimeout(()=>De.value="",8e3)}async function re(n){try{return await navigator.clipboard.writeText(
n),!0}catch{return Ci(n)}}function Ci(n){let e=document.createElement("textarea");e.value=n,e.className="sr",document.body.append(e),e.select();let t=document.execCommand(
"copy");return e.remove(),t}function Tn(n){let e=!1,t=0,i,o=()=>{cancelAnimationFrame(t),clearTimeout(i),e=!1,n()};return()=>{e||(e=!0,t=requestAnimationFrame(o),i=setTimeout(o,100))}}var Ie=class{id;me;epoch="";version=0;number=0;low=1;high=0;info={name:"",kind:"public",topic:"",members:0};infoVersion=0;membersVersion=0;member=!1;memberVersion=0;held=new Map;covered=[];strays=null;asking=0;generation=0;shown=null;constructor(e,t,i=!0){
this.id=e.room,this.me=t,this.reset(e,i)}get position(){return{epoch:this.epoch,version:this.version}}get view(){return this.shown??={id:this.id,info:this.info,
member:this.member,version:this.version,newest:this.number,messages:[...this.held.values()].filter(e=>!e.deleted).toSorted((e,t)=>e.number-t.number),earlier:this.
low>1,later:this.high<this.number},this.shown}reset(e,t=!0){this.epoch=e.epoch,this.version=e.version,this.number=e.number,this.info=e.info??this.info,this.infoVersion=
e.version,this.membersVersion=e.version,this.member=e.member,this.memberVersion=e.version,this.held.clear();for(let r of e.messages)this.held.set(r.number,r);let i=e.
messages[0],o=e.messages.at(-1);this.low=e.more&&i?i.number:1,this.high=t||!o?e.number:o.number,this.covered=[{low:this.low,high:this.high,version:e.version}],this.
strays=null,this.asking=0,this.generation++,this.shown=null}take(e,t=!0){if(e.reset){this.reset(e,t);return}for(let i of e.changes)this.apply(i);this.version=Math.
max(this.version,e.version),this.reach(e.number),this.shown=null}apply(e){let t=e.message!==void 0&&!e.message.deleted&&e.message.number>this.number;if(e.message&&
this.put(e.message),e.info&&e.version>this.infoVersion){let i=e.version>this.membersVersion;this.info=i?e.info:{...e.info,members:this.info.members},this.infoVersion=
e.version,i&&(this.membersVersion=e.version)}return e.members!==void 0&&e.version>this.membersVersion&&(this.info={...this.info,members:e.members},this.membersVersion=
e.version),e.member?.user===this.me&&e.version>this.memberVersion&&(this.member=e.member.joined,this.memberVersion=e.version),this.version=Math.max(this.version,
e.version),this.shown=null,t}ask(){return this.asking++,this.strays??=new Map,this.generation}addPage(e,t,i,o){if(e!==this.generation)return!1;let r=o!==null&&i===
(t==="before"?this.low:this.high);if(r){for(let d of o.messages)this.keepNewer(d);let{low:s,high:a}=this;t==="before"?this.low=o.more?o.messages[0]?.number??1:1:
this.extendTo(o);let c=t==="before"?{low:this.low,high:s-1}:{low:a+1,high:o.messages.at(-1)?.number??a};this.covered.push({...c,version:o.version});for(let d of this.
strays?.values()??[])this.inside(d.number)&&this.keepNewer(d);this.shown=null}return--this.asking===0&&(this.strays=null),r}edge(e){return e==="before"?this.low:
this.high}trim(e){let t=this.view.messages,i=0,o=t.length;for(;o-i>400;){let a=t[i],c=t[o-1];if(!a||!c)break;e-a.number>c.number-e?i++:o--}let r=t[i],s=t[o-1];if(!r||
!s||o-i===t.length)return!1;i>0&&(this.low=r.number),o<t.length&&(this.high=s.number);for(let a of this.held.keys())this.inside(a)||this.held.delete(a);return this.
covered=this.covered.map(a=>({low:Math.max(a.low,this.low),high:Math.min(a.high,this.high),version:a.version})).filter(a=>a.low<=a.high),this.shown=null,!0}inside(e){
return e>=this.low&&e<=this.high}extendTo(e){let t=e.messages.at(-1)?.number??this.high;if(e.more){this.high=t;return}this.number=Math.max(this.number,t),this.high=
this.number}reach(e){e<=this.number||(this.high>=this.number&&(this.high=e),this.number=e)}put(e){this.reach(e.number),this.inside(e.number)?this.keepNewer(e):this.
strays&&e.version>(this.strays.get(e.number)?.version??0)&&this.strays.set(e.number,e)}keepNewer(e){let t=this.held.get(e.number);(t?t.version>=e.version:this.leftOut(
e))||this.held.set(e.number,e)}leftOut(e){return this.covered.some(t=>e.number>=t.low&&e.number<=t.high&&e.version<=t.version)}};var xt=50,He=class{id;view;typing=p([]);here=p(null);gone=p(!1);target=p(null);reading;config;room;publish;arrived=new Set;loading=new Set;constructor(e,t,i){this.
id=e.room,this.config=i,this.room=new Ie(e,i.me,t),this.view=p(this.room.view),this.publish=Tn(()=>this.show()),i.learn(e.people),this.gone.value=e.info?.deleted===
!0}async resume(){let e={do:"open",room:this.id,at:this.room.position,limit:xt};this.reading!==void 0&&(e.around=this.reading),await this.open(e)}async jump(e){
if(e==="newest"?!this.room.view.later:this.holds(e)){this.target.value=e;return}let t={do:"open",room:this.id,limit:xt};e!=="newest"&&(t.around=e),await this.open(
t)&&(this.target.value=e)}async open(e){try{return this.take(X(await this.config.ask(e)),e.around===void 0),!0}catch(t){return t instanceof $&&["not_found","for\
bidden"].includes(t.refusal.code)&&(this.gone.value=!0),!1}}take(e,t=!0){this.config.learn(e.people);for(let i of e.changes)this.noteMessage(i);for(let i of e.messages)
i.key!==void 0&&i.by===this.config.me&&this.arrived.add(i.key);this.room.take(e,t),e.reset&&(t&&(this.reading=void 0),t&&this.target.peek()===null&&(this.target.
value="newest")),this.gone.value=e.info?.deleted===!0,this.show()}show(){me(()=>{this.view.value=this.room.view;for(let e of this.arrived)this.config.seen(e);this.
arrived.clear()})}apply(e){let t=this.room.apply(e);this.noteMessage(e),t&&e.message&&e.message.by!==this.config.me&&this.config.fresh(e.message.by),e.member&&this.
config.learn([{id:e.member.user,name:e.member.name}]),e.info?.deleted&&(this.gone.value=!0),this.publish()}noteMessage({message:e}){e&&(e.key!==void 0&&e.by===this.
config.me&&this.arrived.add(e.key),this.typing.peek().includes(e.by)&&(this.typing.value=this.typing.peek().filter(t=>t!==e.by)))}holds(e){return this.room.view.
messages.some(t=>t.number===e)}async load(e){if(!(e==="before"?this.room.view.earlier:this.room.view.later)||this.loading.has(e))return;this.loading.add(e);let i=this.
room.edge(e),o=this.room.ask();try{let r={do:"history",room:this.id,limit:xt};r[e]=i;let s=cn(await this.config.ask(r));this.config.learn(s.people),this.room.addPage(
o,e,i,s)}catch{this.room.addPage(o,e,i,null)}finally{this.loading.delete(e)}this.show()}trim(e){this.room.trim(e)&&this.show()}disconnected(){this.typing.value=
[],this.here.value=null}};var Pi=5e3,Mi=3e4,Ai=new Set(["forbidden","not_found","invalid","too_long","key_reused","missing","conflict"]),Ne=class{config;prefix;entries=new Map;sending=new Set;pauses=new Map;overdue=new Map;watched=new Set;failures=0;online=!1;shown=null;constructor(e){
this.config=e,this.prefix=`parley/${e.user}/outbox/`;for(let t of e.keep.keys(this.prefix))this.read(t,e.keep.get(t),"now");e.keep.watch((t,i)=>{t.startsWith(this.
prefix)&&(this.read(t,i,"never"),this.publish(),this.pumpAll())})}list(){return this.shown??=[...this.entries.values()].toSorted((e,t)=>e.key<t.key?-1:1),this.shown}add(e,t){
let{tabs:i,epoch:o}=this.config,r=(this.config.now??Date.now)(),s={key:Le(r),room:e,text:t,at:r,owner:i.id,epoch:o};return this.store(s),this.pump(e),this.publish(),
s}retry(e){let t=this.entries.get(e);t&&(this.store({...Rn(t),epoch:this.config.epoch}),this.resume(t.room),this.publish())}discard(e){let t=this.entries.get(e);
if(t)return this.forget(e),this.resume(t.room),this.publish(),t}seen(e){this.entries.has(e)&&(this.forget(e),this.publish())}connected(){this.online=!0,this.failures=
0,this.sending.clear(),this.pumpAll()}disconnected(){this.online=!1}settle(e){for(let t of this.list())t.room===e&&t.number!==void 0&&this.forget(t.key);this.publish()}pumpAll(){
for(let e of new Set(this.list().map(t=>t.room)))this.pump(e)}resume(e){this.config.clock.clear(this.pauses.get(e)),this.pauses.delete(e),this.pump(e)}pump(e){for(let i of this.
list())i.room===e&&this.mine(i)&&this.watchOverdue(i);if(!this.online||this.sending.has(e)||this.pauses.has(e))return;let t=this.list().find(i=>i.room===e&&this.
mine(i));t&&this.post(t)}mine(e){return e.owner===this.config.tabs.id&&e.number===void 0&&e.trouble?.retry!==!1&&e.epoch===this.config.epoch}async post(e){let{key:t,
room:i}=e;this.sending.add(i);let o=await this.config.send(e).catch(r=>({error:r}));if(this.sending.delete(i),"error"in o){if(o.error instanceof V)return;this.refused(
t,i,o.error)}else this.failures=0,this.acknowledged(t,o.number);this.publish(),this.pump(i)}acknowledged(e,t){this.stopOverdue(e),this.config.keep.remove(this.prefix+
e);let i=this.entries.get(e);i&&this.entries.set(e,{...Rn(i),number:t})}refused(e,t,i){let o=this.entries.get(e);if(!o)return;this.stopOverdue(e);let r=i instanceof
$?i.refusal:{code:"internal",message:"Something went wrong."},s={code:r.code,message:r.message,retry:!Ai.has(r.code)};if(!s.retry){this.store({...o,trouble:s});
return}this.entries.set(e,{...o,trouble:s});let{clock:a,random:c=Math.random}=this.config,d=Math.min(Mi,2e3*2**this.failures++),f=r.code==="rate_limited"?(r.retryAfter??
5)*1e3:d*(.5+c()/2);this.pauses.set(t,a.set(()=>this.resume(t),f))}watchOverdue(e){if(this.overdue.has(e.key)||e.trouble)return;let t=this.config.clock.set(()=>{
let i=this.entries.get(e.key);!i||i.trouble||i.number!==void 0||(this.entries.set(i.key,{...i,trouble:{code:"network",message:"There is no connection.",retry:!0}}),
this.publish())},Pi);this.overdue.set(e.key,t)}stopOverdue(e){this.config.clock.clear(this.overdue.get(e)),this.overdue.delete(e)}store(e){this.stopOverdue(e.key),
this.entries.set(e.key,e),this.shown=null,this.config.keep.set(this.prefix+e.key,JSON.stringify(e))}forget(e){this.stopOverdue(e),this.entries.delete(e),this.shown=
null,this.config.keep.remove(this.prefix+e)}read(e,t,i){let o=e.slice(this.prefix.length);this.shown=null;let r=t===null?null:Cn(t);if(!r||r.key!==o){this.stopOverdue(
o),this.entries.delete(o);return}this.entries.set(o,this.aged(r));let{tabs:s}=this.config;r.owner===s.id||this.watched.has(r.owner)||(this.watched.add(r.owner),
s.whenGone(r.owner,()=>this.adopt(r.owner),i))}aged(e){return e.epoch===this.config.epoch||e.trouble?e:{...e,trouble:{code:"epoch",message:"It was written befor\
e the server was set up anew.",retry:!0}}}adopt(e){this.watched.delete(e);for(let t of this.config.keep.keys(this.prefix)){let i=Cn(this.config.keep.get(t)??"");
i?.owner===e&&this.store(this.aged({...i,owner:this.config.tabs.id}))}this.publish(),this.pumpAll()}publish(){this.shown=null,this.config.changed()}};function Rn(n){
let{trouble:e,...t}=n;return t}function Cn(n){try{let e=JSON.parse(n);return[e.key,e.room,e.text,e.owner,e.epoch].some(i=>typeof i!="string")||typeof e.at!="num\
ber"?null:e}catch{return null}}var Oi=200,Fe=class{names=p(new Map);missing=new Set;ask;asking=!1;constructor(e){this.ask=e}learn(e){let t=this.names.peek(),i=e.filter(r=>t.get(r.id)!==r.name);
if(i.length===0)return;let o=new Map(t);for(let r of i)o.set(r.id,r.name);this.names.value=o}name(e){let t=this.names.value.get(e);return t!==void 0?t:(this.missing.
add(e),this.asking||(this.asking=!0,setTimeout(()=>{this.fetch()},50)),"…")}async fetch(){let e=[...this.missing].slice(0,Oi);this.missing.clear();try{this.learn(
await this.ask(e))}catch{}finally{this.asking=!1}}};function Et(n,e,t){if(e<=n.version)return n;if(!t)return{...n,version:e};let i=t.left===!0||t.deleted===!0,o=n.rooms.findIndex(s=>s.id===t.id),r=[...n.rooms];return o<
0&&!i?r.push(t):o>=0&&r.splice(o,1,...i?[]:[t]),{version:e,rooms:r}}var Pn="parley/tab/";function Mn(n){let e=navigator.locks;return e?.request(Pn+n,()=>new Promise(()=>{})).catch(()=>{}),{id:n,whenGone(t,i,o){e?e.request(Pn+t,()=>i()).
catch(()=>{}):o==="now"&&queueMicrotask(i)}}}var $i=8,Li=400,Di=3e3,Ue=class{me;mine;publicRooms;limits;room;people;drafts;entries=p([]);editing=p(null);trouble=p("");unseen=p(0);others=ne(()=>{let e=new Set(
this.mine.value.rooms.map(t=>t.id));return this.publicRooms.value.rooms.filter(t=>!e.has(t.id))});conn;outbox;epoch;held=new Map;goal;typedAt=0;quiet;wanted=0;constructor(e,t){
let{hello:i,open:o,page:r}=e,s=i.me?.user??{id:"",name:r.username};this.epoch=i.epoch,this.me=p(s),this.mine=p({version:i.me?.version??0,rooms:i.me?.rooms??[]}),
this.publicRooms=p(i.server),this.limits=p(i.limits),this.people=new Fe(async d=>dn(await this.conn.ask({do:"people",users:d}))),this.people.learn([s]),this.drafts=
new $e(t,s.id),this.conn=new Oe({socket:En(`${location.protocol==="https:"?"wss":"ws"}://${location.host}/ws`),http:wn,answersHTTP:bn,hello:d=>this.greeted(d),frame:d=>this.
receive(d),state:d=>this.changed(d)}),this.outbox=new Ne({keep:t,tabs:Mn(Le()),user:s.id,epoch:i.epoch,send:async({room:d,key:f,text:y})=>fn(await this.conn.ask(
{do:"post",room:d,key:f,text:y})),changed:()=>this.entries.value=this.outbox.list(),clock:{set:(d,f)=>setTimeout(d,f),clear:d=>clearTimeout(d)}}),this.entries.value=
this.outbox.list();let a=this.hold(o,vn(o,location.search));this.goal=gt(location);let c=o.messages.some(d=>d.number===this.goal);a.target.value=c&&this.goal!==
void 0?this.goal:"newest",this.room=p(a)}start(){addEventListener("online",()=>this.conn.wake()),addEventListener("offline",()=>this.conn.wake()),addEventListener(
"pageshow",e=>e.persisted&&this.conn.wake()),document.addEventListener("visibilitychange",()=>{document.hidden||(this.unseen.value=0,this.conn.wake())}),addEventListener(
"focus",()=>this.unseen.value=0),addEventListener("popstate",()=>this.followAddress()),addEventListener("hashchange",()=>this.followAddress()),this.conn.start()}greeted(e){
if(e.me===null){this.conn.end();return}if(e.me.user.id!==this.me.peek().id||e.epoch!==this.epoch){location.reload();return}this.renamed(e.me.user),this.mine.value=
{version:e.me.version,rooms:e.me.rooms},this.publicRooms.value=e.server,this.limits.value=e.limits,this.follow(),this.outbox.connected()}async follow(){let e=this.
room.peek();await e.resume();let{goal:t}=this;this.goal=void 0,t!==void 0&&await e.jump(t)}changed(e){if(e==="online"||e==="ended"?(clearTimeout(this.quiet),this.
quiet=void 0,this.trouble.value=e==="ended"?"ended":""):this.quiet??=setTimeout(()=>this.showTrouble(),Li),e!=="online"){this.outbox.disconnected();for(let t of this.
held.values())t.disconnected()}}showTrouble(){this.trouble.value=navigator.onLine?"waiting":"offline",this.quiet=setTimeout(()=>this.showTrouble(),1e3)}receive(e){
switch(e.is){case"change":this.held.get(e.change.room)?.apply(e.change);break;case"reset":this.held.get(e.reset.room)?.take(e.reset);break;case"typing":this.typists(
e.room,e.users);break;case"here":this.people.learn(e.here.people),this.present(e.room,e.here);break;case"me":this.mine.value=Et(this.mine.peek(),e.version,e.room),
e.user&&this.renamed(e.user);break;case"server":this.publicRooms.value=Et(this.publicRooms.peek(),e.version,e.room);break;default:}}typists(e,t){let i=this.held.
get(e);i&&(i.typing.value=t.filter(o=>o!==this.me.peek().id))}present(e,t){let i=this.held.get(e);i&&(i.here.value=t)}renamed(e){let t=this.me.peek();this.me.value=
e,this.people.learn([e]),e.name!==t.name&&this.showAddress(!1)}reconnect(){this.conn.wake()}hold(e,t){let i=new He(e,t,{me:this.me.peek().id,ask:o=>this.conn.ask(
o),learn:o=>this.people.learn(o),seen:o=>this.outbox.seen(o),fresh:()=>{(document.hidden||!document.hasFocus())&&this.unseen.value++}});this.held.set(i.id,i);for(let o of this.
held.keys()){if(this.held.size<=$i)break;o!==i.id&&this.held.delete(o)}return i}path(e){return vt(e,this.me.value.name)}async go(e,t){let i=++this.wanted,o=this.
room.peek(),r=t.target??"newest";if(e.id===o.id){await o.jump(r);return}let s=e.id===void 0?void 0:this.held.get(e.id);if(s&&!s.view.peek().later&&r==="newest")
s.reading=void 0,s.resume();else try{let a={do:"open",room:e.id??e.name};r!=="newest"&&(a.around=r);let c=X(await this.conn.ask(a));if(i!==this.wanted)return;s=
this.hold(c,r==="newest")}catch(a){a instanceof V?location.assign(this.path(e.name)):K(a instanceof $?a.message:"That room cannot be opened.");return}s.target.value=
r,this.enter(s,t.push)}enter(e,t){let i=this.room.peek();this.held.delete(e.id),this.held.set(e.id,e),this.editing.value=null,this.typedAt=0,this.room.value=e,this.
unseen.value=0,i.id!==e.id&&(i.disconnected(),this.outbox.settle(i.id),this.conn.ask({do:"close",room:i.id}).catch(()=>{})),t&&this.showAddress(!0)}async join(e){
let{room:t}=mn(await this.conn.ask({do:"join",room:e}));await this.go({id:t,name:e},{push:!0})}showAddress(e){let t=this.path(this.room.peek().view.peek().info.
name);t!==location.pathname&&(e?history.pushState(null,"",t):history.replaceState(null,"",t+location.search+location.hash))}followAddress(){let e=_n(location.pathname),
t=this.room.peek();if(e===void 0)return;let i=gt(location),o=i??"newest";if(e===t.view.peek().info.name){i!==void 0&&t.jump(o);return}let r=[...this.mine.peek().
rooms,...this.publicRooms.peek().rooms].find(s=>s.name===e);this.go(r??{name:e},{push:!1,target:o})}send(e){let t=this.room.peek();this.outbox.add(t.id,e),this.
typedAt=0,t.jump("newest")}retry(e){this.outbox.retry(e),this.conn.wake()}discard(e){return this.outbox.discard(e)}edit(e){let t=this.me.peek().id,i=e??this.room.
peek().view.peek().messages.findLast(o=>o.by===t);return i?(this.editing.value={number:i.number,version:i.version,text:i.text},!0):!1}async save(e){let t=this.editing.
peek();if(!t)return!0;let{number:i,version:o}=t;try{return e!==t.text&&await this.conn.ask({do:"edit",room:this.room.peek().id,number:i,version:o,text:e}),this.
editing.value=null,!0}catch(r){if(r instanceof $&&r.refusal.code==="conflict"){let s=r.refusal.text??"";this.editing.value={number:i,version:r.refusal.version??
o,text:s},K(`It was changed meanwhile, to “${s}”. Save again to replace that.`)}else K(r instanceof $?r.message:"Not saved: there is no connection. Try agai\
n.");return!1}}async delete(e){try{await this.conn.ask({do:"delete",room:this.room.peek().id,number:e}),this.editing.peek()?.number===e&&(this.editing.value=null)}catch(t){
K(t instanceof $?t.message:"Not deleted: there is no connection. Try again.")}}mayDelete(e){let t=this.me.value;return e.by===t.id||["moderator","administrator",
"owner"].includes(t.role??"")}typing(e){let t=Date.now();(e?t-this.typedAt<Di:this.typedAt===0)||(this.typedAt=e?t:0,this.conn.ask({do:"typing",room:this.room.peek().
id,on:e}).catch(()=>{}))}};var je=class{memory=new Map;get(e){try{return localStorage.getItem(e)??this.memory.get(e)??null}catch{return this.memory.get(e)??null}}set(e,t){try{return localStorage.
setItem(e,t),this.memory.delete(e),!0}catch{return this.memory.set(e,t),!1}}remove(e){this.memory.delete(e);try{localStorage.removeItem(e)}catch{}}keys(e){let t=new Set(
this.memory.keys());try{for(let i=0;i<localStorage.length;i++)t.add(localStorage.key(i)??"")}catch{}return[...t].filter(i=>i.startsWith(e)).toSorted()}watch(e){
addEventListener("storage",t=>t.key!==null&&e(t.key,t.newValue))}};var St=p(null);function An(n,e){St.value=e.text,n.discard(e.key)}var qe=class{filled=p(!1);box=null;client;room;edited=null;constructor(e,t){this.client=e,this.
room=t}begin(){this.put(this.client.drafts.get(this.room.id)),matchMedia("(pointer: fine)").matches&&this.box?.focus({preventScroll:!0});let e=()=>this.grow();addEventListener(
"resize",e);let t=St.subscribe(i=>i!==null&&this.takeBack(i));return()=>{removeEventListener("resize",e),t()}}editing(e){let t=e?.number??null;t!==this.edited&&
(this.edited=t,this.put(e?e.text:this.client.drafts.get(this.room.id)),this.box?.focus())}typed(){this.box&&(this.changed(),!this.client.editing.peek()&&(this.client.
drafts.set(this.room.id,this.box.value),this.client.typing(this.filled.peek())))}submit(){let{box:e,client:t}=this;if(!e)return;let i=t.editing.peek(),o=e.value.
replace(/^(?:[ \t]*\n)+|\s+$/gu,"");if(o===""){i&&K("A message cannot be empty. Delete it instead, or press Escape to leave it.");return}let r=new TextEncoder().
encode(o).length,s=t.limits.peek().text;if(r>s){K(`That is too long: ${r.toLocaleString("en")} bytes of at most ${s.toLocaleString("en")}.`);return}if(i){t.save(
o);return}t.drafts.set(this.room.id,""),this.put(""),t.send(o)}keyed(e){if(e.isComposing||e.keyCode===229)return;let{client:t}=this;e.key==="Enter"&&!e.shiftKey&&
!e.altKey&&!matchMedia("(pointer: coarse)").matches?(e.preventDefault(),this.submit()):e.key==="Escape"&&t.editing.peek()?(e.preventDefault(),t.editing.value=null):
e.key==="ArrowUp"&&!t.editing.peek()&&this.box?.value===""&&t.edit()&&e.preventDefault()}takeBack(e){this.box&&(St.value=null,this.put([this.box.value,e].filter(
Boolean).join(`
`)),this.client.drafts.set(this.room.id,this.box.value),this.box.focus())}put(e){this.box&&(this.box.value=e,this.box.setSelectionRange(e.length,e.length),this.
changed())}changed(){this.filled.value=this.box!==null&&this.box.value.trim()!=="",this.grow()}grow(){let{box:e}=this;e&&(e.style.setProperty("height","auto"),e.
style.setProperty("height",`${e.scrollHeight+e.offsetHeight-e.clientHeight}px`))}};var Ii=Symbol.for("pv"),Hi=0;function l(n,e,t,i,o,r){e||(e={});var s,a,c=e;if("ref"in c&&typeof n!="function")for(a in c={},e)a=="ref"?s=e[a]:c[a]=e[a];var d={type:n,props:c,key:t,ref:s,__k:null,
__:null,__b:0,__e:null,__c:null,constructor:Ii,__v:--Hi,__i:-1,__u:0};return(o||r)&&(d.__source=o,d.__self=r),h.vnode&&h.vnode(d),d}function R({name:n}){return l("span",{class:`icon icon-${n}`,"aria-hidden":"true"})}function On({client:n,room:e}){let t=te(()=>new qe(n,e),[n,e]),i=n.editing.value,{name:o}=e.view.value.info;ee(()=>t.begin(),[t]),ee(()=>t.editing(i),[t,i]);let r=s=>{
s.preventDefault(),t.submit(),t.box?.focus()};return l("form",{class:t.filled.value?"box":"box idle",onSubmit:r,children:[i&&l("p",{class:"box-note",children:[l(
R,{name:"edit"}),l("span",{children:"Editing your message"}),l("button",{class:"text-button",type:"button",onClick:()=>n.editing.value=null,children:"Cancel"})]}),
l("label",{class:"sr",for:"text",children:["Message ",o]}),l("textarea",{ref:s=>{t.box=s},id:"text",name:"text","data-testid":"message-box",rows:1,placeholder:`\
Message ${o}`,autocomplete:"off",enterkeyhint:"enter",onInput:()=>t.typed(),onKeyDown:s=>t.keyed(s)}),l("button",{class:"send","data-testid":"send",children:[l(
R,{name:i?"check":"send"}),l("span",{class:"sr",children:i?"Save":"Send"})]})]})}function Be(n){let e=/\d+/.exec(n)?.[0]??"0";return`hue-${Number(BigInt(e)*7n%24n)}`}function $n(n){return(/[\p{L}\p{N}]/u.exec(n)?.[0]??Array.from(n)[0]??"?").
toUpperCase()}function se({id:n,name:e}){return l("span",{class:`avatar ${Be(n)}`,"aria-hidden":"true",children:$n(e)})}function Ln({client:n,room:e,openRooms:t}){let{info:i}=e.view.value;return l("header",{class:"head",children:[l("button",{class:"icon-button to-rooms",type:"but\
ton","aria-controls":"rooms",onClick:t,children:[l(R,{name:"menu"}),l("span",{class:"sr",children:"Rooms"})]}),l("div",{class:"head-words",children:[l("h1",{class:"\
room-title","data-testid":"room",children:i.name}),i.topic&&l("p",{class:"topic",children:i.topic})]}),l(Ni,{client:n,room:e},e.id)]})}function Ni({client:n,room:e}){
let t=L(!1),i=Z(null),o=e.here.value,r=n.publicRooms.value.rooms.find(c=>c.id===e.id)?.here,s=o?.count??r;return ct(()=>{if(!t.value)return;let c=d=>{d.target instanceof
Node&&!i.current?.contains(d.target)&&(t.value=!1)};return document.addEventListener("pointerdown",c),document.addEventListener("focusin",c),()=>{document.removeEventListener(
"pointerdown",c),document.removeEventListener("focusin",c)}},[t.value,t]),l("div",{class:"who-whole",ref:i,onKeyDown:c=>{c.key!=="Escape"||!t.value||(t.value=!1,
i.current?.querySelector("button")?.focus())},children:[l("button",{class:"who",type:"button","data-testid":"who","aria-expanded":t.value,onClick:()=>t.value=!t.
value,children:[l(R,{name:"people"})," ",s??""," ",l("span",{class:"sr",children:"here"})]}),t.value&&l("div",{class:"here",role:"group","aria-label":"Who is he\
re",children:[l("h2",{children:"Here now"}),l("ul",{children:(o?.people??[]).map(c=>l("li",{children:[l(se,{id:c.id,name:c.name}),l("span",{class:"here-name",children:c.
name}),c.id===n.me.value.id&&l("span",{class:"count",children:"you"})]},c.id))}),o&&o.count>o.people.length&&l("p",{class:"count",children:["and ",o.count-o.people.
length," more"]}),!o&&l("p",{class:"count",children:"There is no connection just now."})]})]})}function In(n,e){let t=[],i=new Set,o,r;for(let s of n){let a=s.at===void 0?o?.date??"":e.date(s.at);if(!o||a!==o.date){let d=i.has(a)?`${a} ${s.id}`:a;i.add(d),
o={id:d,date:a,messages:[]},t.push(o),r=void 0}let c=r!==void 0&&Fi(r.said,s);r&&(r.last=!c),r={said:s,first:!c,last:!0},o.messages.push(r)}return t}function Fi(n,e){
return n.by!==e.by?!1:n.at===void 0||e.at===void 0?n.at===e.at:e.at-n.at<=3e5}var We=class{dates;clock;known=new Map;constructor(e){let t=e===void 0?{}:{timeZone:e};
this.dates=new Intl.DateTimeFormat("en-CA",{...t,year:"numeric",month:"2-digit",day:"2-digit"}),this.clock=new Intl.DateTimeFormat("en-GB",{...t,hour:"2-digit",
minute:"2-digit",hourCycle:"h23"})}date(e){let t=Math.floor(e/9e5),i=this.known.get(t);if(i===void 0){let o=new Map(this.dates.formatToParts(e).map(r=>[r.type,r.
value]));i=`${o.get("year")}-${o.get("month")}-${o.get("day")}`,this.known.set(t,i)}return i}time(e){return this.clock.format(e)}name(e,t){if(e===this.date(t))return"\
Today";let i=Date.parse(`${this.date(t)}T12:00:00Z`);return e===new Date(i-864e5).toISOString().slice(0,10)?"Yesterday":Dn(e)}moment(e){return`${Dn(this.date(e))}\
, ${this.time(e)}`}},Ui=new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"long",day:"numeric",month:"long",year:"numeric"});function Dn(n){let e=new Map(
Ui.formatToParts(Date.parse(`${n}T12:00:00Z`)).map(t=>[t.type,t.value]));return`${e.get("weekday")}, ${e.get("day")} ${e.get("month")} ${e.get("year")}`}var Hn=new WeakMap;function Fn(n,e,t){let i=[],o=new Set;for(let r of n.messages){let s=r.by===t;s&&r.key!==void 0&&o.add(r.key),i.push(Nn(r,()=>ji(r,s)))}if(n.
later)return i;for(let r of e)r.room!==n.id||o.has(r.key)||i.push(Nn(r,()=>({id:r.key,by:t,at:r.at,text:r.text,mine:!0,entry:r})));return i}function ji(n,e){return{
id:e&&n.key!==void 0?n.key:`m${n.number}`,by:n.by,at:n.at,text:n.text,mine:e,message:n}}function Nn(n,e){let t=Hn.get(n);return t||Hn.set(n,t=e()),t}var Ve=class{stuck=!0;box;anchor=null;constructor(e){this.box=e}note(){this.stuck=this.toEnd()<=48;let e=this.messageAt(this.box.getBoundingClientRect().top);this.
anchor=e&&{element:e,id:e.id,top:e.getBoundingClientRect().top}}restore(){if(this.stuck){this.end();return}let{anchor:e}=this;if(!e)return;let t=e.element.isConnected?
e.element:this.box.querySelector(`#${CSS.escape(e.id)}`);if(!t)return;let i=t.getBoundingClientRect().top-e.top;Math.abs(i)>=.5&&(this.box.scrollTop+=i)}end(){this.
box.scrollTop=this.box.scrollHeight,this.stuck=!0}centre(e){let t=this.box.getBoundingClientRect(),i=e.getBoundingClientRect();this.box.scrollTop+=i.top-t.top-Math.
max(0,(t.height-i.height)/2),this.note()}fromStart(){return this.box.scrollTop}toEnd(){return this.box.scrollHeight-this.box.clientHeight-this.box.scrollTop}get height(){
return this.box.clientHeight}middle(){let e=this.box.getBoundingClientRect(),t=this.messageAt(e.top+e.height/2),i=Number(t?.dataset.number);return Number.isNaN(
i)?void 0:i}messageAt(e){let t=this.box.querySelectorAll(".message"),i=0,o=t.length;for(;i<o;){let r=i+o>>1,s=t[r];s&&s.getBoundingClientRect().bottom>e?o=r:i=r+
1}return t[i]??null}};function Un({path:n}){let e=L(""),t=`${location.origin}${n}`,i=async()=>e.value=await re(t)?"done":"failed";return l("div",{class:"empty",children:[l("p",{children:"\
Nothing here yet. Say hello, or send this link to someone."}),l("button",{class:"button quiet",type:"button",onClick:()=>{i()},children:[l(R,{name:e.value==="do\
ne"?"check":"link"}),e.value==="done"?"Copied":"Copy link"]}),e.value==="failed"&&l("p",{class:"count",children:t})]})}var qi=new RegExp("^(?:(?:\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Emoji_Presentation}\\uFE0F?|\\p{Extended_Pictographic}\\uFE0F)[\\u{1F3FB}-\\u{1F3FF}\\u\
{E0020}-\\u{E007F}]*(?:\\u200D\\p{Extended_Pictographic}\\uFE0F?[\\u{1F3FB}-\\u{1F3FF}]?)*)\\s*){1,6}$","u");function jn(n){return n.length<=100&&qi.test(n.trim())}function qn({client:n,item:e,close:t,link:i}){let o=Z(null),r=L(!1),s=L(!1);Wi(o,s,t),ee(()=>{o.current?.querySelector("button")?.focus({preventScroll:!0})},[r.
value]);let{message:a}=e;if(!a)return null;let c={class:s.value?"menu up":"menu",ref:o,onKeyDown:f=>Vi(f,o,t)};if(r.value)return l("div",{...c,role:"group","ari\
a-label":"Delete this message?",children:l(Bi,{client:n,message:a,close:t})});let d=f=>()=>{f(),t()};return l("div",{...c,role:"menu",children:[e.mine&&l("butto\
n",{class:"menu-item",type:"button",role:"menuitem",onClick:d(()=>n.edit(a)),children:[l(R,{name:"edit"})," Edit"]}),l("button",{class:"menu-item",type:"button",
role:"menuitem",onClick:d(()=>{re(e.text)}),children:[l(R,{name:"copy"})," Copy text"]}),l("button",{class:"menu-item",type:"button",role:"menuitem",onClick:d(()=>i(
e)),children:[l(R,{name:"link"})," Copy link"]}),n.mayDelete(a)&&l("button",{class:"menu-item danger",type:"button",role:"menuitem",onClick:()=>r.value=!0,children:[
l(R,{name:"trash"})," Delete"]})]})}function Bi({client:n,message:e,close:t}){return l(C,{children:[l("p",{class:"menu-words",children:"Delete this message?"}),
l("div",{class:"menu-line",children:[l("button",{class:"button danger small",type:"button",onClick:()=>{n.delete(e.number),t()},children:"Delete"}),l("button",{
class:"button quiet small",type:"button",onClick:t,children:"Keep"})]})]})}function Bn(n){return n.current?.parentElement?.querySelector(".more")}function Wi(n,e,t){
ee(()=>{let i=n.current,o=Bn(n),r=i?.closest(".scroll")?.getBoundingClientRect();i&&r&&(e.value=i.getBoundingClientRect().bottom>r.bottom);let s=a=>{a.target instanceof
Node&&!i?.parentElement?.contains(a.target)&&t()};return document.addEventListener("pointerdown",s),()=>{document.removeEventListener("pointerdown",s),document.
activeElement===document.body&&o?.focus({preventScroll:!0})}},[n,t,e])}function Vi(n,e,t){let i=[...e.current?.querySelectorAll("button")??[]],o=i.indexOf(n.target),
r={ArrowDown:o+1,ArrowUp:o-1,Home:0,End:i.length-1}[n.key];if(r!==void 0)i.at(r%i.length)?.focus({preventScroll:!0});else if(n.key==="Escape")Bn(e)?.focus({preventScroll:!0}),
t();else if(n.key==="Tab")t();else return;n.stopPropagation(),n.key!=="Tab"&&n.preventDefault()}var Ki=/(?<![a-z0-9])https?:\/\/[^\p{White_Space}\p{Cc}\p{Cf}<>"`\\。，、；：！？「」『』（）《》【】“”«»‹›]*/giu,Gi=/^https?:\/\/[\p{L}\p{N}[][^/?#@]*(?:[/?#]|$)/iu,
Ji=new Set(".,;:!?'*_~…"),zi={")":"(","]":"[","}":"{"};function Wn(n){let e=[],t=0;for(let i of n.matchAll(Ki)){let o=Yi(i[0]);!Gi.test(o)||Array.from(o).length>
2048||(i.index>t&&e.push({text:n.slice(t,i.index)}),e.push({text:o,href:o}),t=i.index+o.length)}return t<n.length&&e.push({text:n.slice(t)}),e}function Yi(n){let e=new Map;
for(let i of n)e.set(i,(e.get(i)??0)+1);let t=n.length;for(;t>0;t--){let i=n.charAt(t-1),o=zi[i];if(o!==void 0){let r=e.get(i)??0;if(r<=(e.get(o)??0))break;e.set(
i,r-1)}else if(!Ji.has(i))break}return n.slice(0,t)}function Vn({text:n}){return l("div",{class:"text",children:Wn(n).map(e=>e.href===void 0?e.text:l("a",{href:e.href,rel:"noopener noreferrer nofollow",target:"_b\
lank",children:e.text}))})}function Kn(n){let{item:e,client:t,calendar:i,open:o}=n,{message:r,entry:s}=e,a=e.mine?"You":t.people.name(e.by),c=s===void 0||s.number!==void 0?"":s.trouble?"f\
ailed":"pending",d=r!==void 0&&t.editing.value?.number===r.number,f=g=>{!(g.target instanceof Element&&g.target.closest("a, button")!==null)&&matchMedia("(hover\
: none)").matches&&getSelection()?.isCollapsed!==!1&&o(n.menu?null:e.id)},y=["message",e.mine&&"mine",n.first&&"first",n.last&&"last",n.lit&&"target",d&&"editin\
g",n.menu&&"selected",jn(e.text)&&"emoji",c];return l("article",{class:y.filter(Boolean).join(" "),id:r?`m${r.number}`:`k${e.id}`,"data-testid":"message","data-\
number":r?.number??s?.number,"data-state":c===""?void 0:c,children:[!e.mine&&n.first&&l(se,{id:e.by,name:a}),l("header",{class:"by",children:[l("span",{class:e.
mine||!n.first?"name sr":`name ${Be(e.by)}`,children:a})," ",e.at!==void 0&&l("time",{class:"time",dateTime:new Date(e.at).toISOString(),title:i.moment(e.at),children:i.
time(e.at)})]}),l("div",{class:"bubble",onClick:f,children:[l(Vn,{text:e.text}),r?.edited!==void 0&&l("span",{class:"edited",children:"edited"}),c==="pending"&&
l("span",{class:"clock",children:[l(R,{name:"clock"}),l("span",{class:"sr",children:"Sending"})]}),r&&l(Zi,{...n,name:a})]}),s?.trouble&&s.number===void 0&&l(Qi,
{entry:s,client:t})]})}function Zi(n){let{item:e,open:t}=n;return l("div",{class:"tools","aria-live":"off",children:[l("button",{class:"more",type:"button",tabIndex:n.
current?0:-1,"data-id":e.id,"aria-haspopup":"menu","aria-expanded":n.menu,"aria-label":e.mine?"More about your message":`More about ${n.name}'s message`,onClick:()=>t(
n.menu?null:e.id),children:l(R,{name:"more"})}),n.menu&&e.message&&l(qn,{client:n.client,item:e,close:()=>t(null),link:n.link})]})}function Qi({entry:n,client:e}){
let{trouble:t}=n;if(!t)return null;let i=t.code==="network"||t.message===""?"Not sent.":`Not sent: ${t.message}`;return l("p",{class:"unsent",children:[l(R,{name:"\
alert"}),l("span",{children:i}),t.retry?l("button",{class:"text-button",type:"button","data-testid":"retry",onClick:()=>e.retry(n.key),children:"Retry"}):l(C,{children:[
l("button",{class:"text-button",type:"button","data-testid":"restore",onClick:()=>An(e,n),children:"Restore"}),l("button",{class:"text-button",type:"button","da\
ta-testid":"discard",onClick:()=>e.discard(n.key),children:"Discard"})]})]})}var eo=2500,to=1.5,no=40,Ke=new We,Ge=class extends B{box=null;list=null;scroller=null;sizes=null;shown=null;away=p(!1);missed=p(0);newest=0;lit=p(null);current=p(
null);menu=p(null);litTimer;speakTimer;componentDidMount(){!this.box||!this.list||(this.scroller=new Ve(this.box),this.settle(),this.sizes=new ResizeObserver(()=>{
this.scroller?.restore(),this.fill()}),this.sizes.observe(this.box),this.sizes.observe(this.list))}componentWillUnmount(){this.sizes?.disconnect(),clearTimeout(
this.litTimer),clearTimeout(this.speakTimer)}getSnapshotBeforeUpdate(){return this.scroller?.note(),this.hush(),null}componentDidUpdate(){this.settle()}hush(){let e=this.
shown,t=this.props.room.view.peek();if(e===t||!e)return;let i=e.messages.at(-1)?.number??0,o=e.messages[0]?.number??0;t.newest>e.newest&&!e.later&&!t.later&&(t.
messages[0]?.number??0)>=o&&(t.messages.at(-1)?.number??0)>=i||(this.list?.setAttribute("aria-live","off"),clearTimeout(this.speakTimer),this.speakTimer=setTimeout(
()=>this.list?.setAttribute("aria-live","polite"),500))}settle(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;this.shown=t.view.peek();let i=t.target.peek();
i==="newest"?e.end():i!==null?this.light(i,e):e.restore(),t.target.value=null,this.moved();let{messages:o}=this.shown;o.length>400+no&&t.trim(t.reading??this.shown.
newest)}light(e,t){let i=this.shown?.messages.find(r=>r.number>=e),o=i&&this.box?.querySelector(`#m${i.number}`);if(!o){t.end();return}t.centre(o),i.number===e&&
(this.lit.value=e,clearTimeout(this.litTimer),this.litTimer=setTimeout(()=>this.lit.value=null,eo))}moved(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;
e.note();let i=t.view.peek(),o=e.stuck&&!i.later;t.reading=o?void 0:e.middle(),o&&(this.newest=i.newest),this.missed.value=Math.max(0,i.newest-Math.max(this.newest,
0)),this.away.value=!o&&(i.later||this.missed.value>0||e.toEnd()>e.height/2),this.fill()}fill(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;let i=e.height*
to,o=t.view.peek();o.earlier&&e.fromStart()<i&&t.load("before"),o.later&&e.toEnd()<i&&t.load("after")}keyed=e=>{let t={ArrowUp:-1,ArrowDown:1}[e.key];if(t===void 0||
!(e.target instanceof HTMLElement)||!e.target.matches(".more")||!this.box)return;let i=[...this.box.querySelectorAll(".more")],o=i[i.indexOf(e.target)+t];o&&(e.
preventDefault(),this.current.value=o.dataset.id??null,o.focus())};link=e=>{let{client:t,room:i}=this.props;if(!e.message)return;let o=gn(i.view.peek().info.name,
t.me.peek().name,e.message.number);re(location.origin+o)};open=e=>{this.menu.value=e,e!==null&&(this.current.value=e)};render({client:e,room:t}){let i=t.view.value,
o=t.target.value!==null,r=Fn(i,e.entries.value,e.me.value.id),s=this.current.value!==null&&r.some(a=>a.id===this.current.value)?this.current.value:r.at(-1)?.id;
return l(C,{children:[l("div",{class:o?"scroll going":"scroll",tabIndex:0,role:"region","aria-label":"Messages",ref:a=>{this.box=a},onScroll:()=>this.moved(),onKeyDown:this.
keyed,children:l("div",{class:"log",role:"log","aria-live":"polite","aria-relevant":"additions",ref:a=>{this.list=a},children:[r.length===0&&!i.earlier&&!i.later&&
l(Un,{path:e.path(i.info.name)}),r.length>0&&l("p",{class:"edge",children:i.earlier?"Earlier messages…":`This is the beginning of ${i.info.name}.`}),In(r,Ke).
map(a=>l("section",{class:"day","aria-label":a.date===""?"Some time ago":Ke.name(a.date,Date.now()),children:[a.date!==""&&l("h2",{class:"day-line",children:l("\
time",{dateTime:a.date,children:Ke.name(a.date,Date.now())})}),a.messages.map(({said:c,first:d,last:f})=>l(Kn,{item:c,first:d,last:f,client:e,calendar:Ke,lit:c.
message!==void 0&&c.message.number===this.lit.value,current:c.id===s,menu:c.id===this.menu.value,open:this.open,link:this.link},c.id))]},a.id))]})}),l(io,{away:this.
away,missed:this.missed,go:()=>{t.jump("newest")}})]})}};function io({away:n,missed:e,go:t}){return n.value?l("div",{class:"jump-line",children:l("button",{class:"\
jump",type:"button","data-testid":"jump",onClick:t,children:[l(R,{name:"down"}),"Jump to newest",e.value>0&&l("span",{class:"pill",children:e.value>99?"99+":e.value}),
l("span",{class:"sr",children:e.value>0?"new messages":""})]})}):null}function Jn({client:n,close:e}){let t=n.me.value,i=(t.kind??"guest")==="guest";return l("aside",{class:"side",id:"rooms",onKeyDown:o=>o.key==="Escape"&&e(),children:[
l("div",{class:"side-head",children:[l("a",{class:"wordmark",href:"/",children:[l("span",{class:"mark","aria-hidden":"true"}),"Parley"]}),l("button",{class:"ico\
n-button side-close",type:"button",onClick:e,children:[l(R,{name:"close"}),l("span",{class:"sr",children:"Close the list of rooms"})]})]}),l(oo,{client:n,close:e}),
l("nav",{class:"rooms","aria-label":"Rooms","data-testid":"room-list",children:[l(Gn,{title:"My rooms",rooms:n.mine.value.rooms,client:n,close:e}),l(Gn,{title:"\
Other rooms",rooms:n.others.value,client:n,close:e})]}),l("div",{class:"me",children:[l(se,{id:t.id,name:t.name}),l("div",{class:"me-words",children:[l("span",{
class:"me-name",children:t.name}),i&&l("span",{class:"me-hint",children:"Your name is kept by this browser's cookie only."})]}),l("form",{method:"post",action:"\
/-/sign-out",children:l("button",{class:"button quiet small",children:i?"Leave":"Sign out"})})]})]})}function Gn({title:n,rooms:e,client:t,close:i}){let o=t.room.
value.id;if(e.length===0)return null;let r=s=>a=>{a.ctrlKey||a.metaKey||a.shiftKey||a.altKey||a.button!==0||(a.preventDefault(),i(),t.go(s,{push:!0}))};return l(
C,{children:[l("h2",{children:n}),l("ul",{children:e.map(s=>l("li",{children:l("a",{class:"room-link",href:t.path(s.name),"aria-current":s.id===o?"page":void 0,
"data-room":s.id,onClick:r(s),children:l("span",{class:"room-name",children:s.name})})},s.id))})]})}function oo({client:n,close:e}){let t=L(""),i=L(!1),o=Z(null),
r=async s=>{let a=o.current;if(!a)return;s.preventDefault();let c=a.value.trim();if(!(c===""||i.value)){i.value=!0;try{await n.join(c),t.value="",a.value="",e()}catch(d){
d instanceof $&&d.refusal.code===bt&&a.form?.submit(),t.value=d instanceof $?d.message:"There is no connection just now. Try again.",a.focus()}finally{i.value=!1}}};
return l("form",{class:"find",method:"post",action:"/",onSubmit:s=>{r(s)},children:[l("input",{type:"hidden",name:"username",value:n.me.value.name}),l("label",{
class:"sr",for:"find",children:"Join or make a room"}),l("input",{ref:o,id:"find",name:"room",maxLength:n.limits.value.room,placeholder:"Join or make a room",autocomplete:"\
off",required:!0,"aria-invalid":t.value?!0:void 0,"aria-describedby":t.value?"find-error":void 0,onInput:()=>t.value=""}),l("button",{class:"button quiet",children:"\
Go"}),t.value&&l("p",{class:"error",id:"find-error",role:"alert",children:t.value})]})}function zn({client:n,room:e}){let t=e.typing.value.map(i=>n.people.name(i));return l("p",{class:"typing","data-testid":"typing",children:t.length>0&&l(C,{children:[
l("span",{class:"dots","aria-hidden":"true"}),ro(t)]})})}function ro(n){let[e,t]=n;return n.length===1?`${e} is typing…`:n.length===2?`${e} and ${t} are typin\
g…`:"Several people are typing…"}function Yn({client:n,room:e}){return l("p",{class:"status","data-testid":"status",role:"status",children:De.value||so(n,e)})}
function so(n,e){if(e.gone.value)return"This room is gone.";switch(n.trouble.value){case"waiting":return"Reconnecting…";case"offline":return"You are offline. \
What you write is sent when you are back.";case"ended":return l(C,{children:["Your session has ended. ",l("a",{href:`/?room=${encodeURIComponent(e.view.value.info.
name)}`,children:"Join again"})]});default:return""}}function Zn({client:n}){let e=L(!1),t=n.room.value,i=()=>e.value=!1;return l("div",{class:e.value?"app side-open":"app",children:[l(Jn,{client:n,close:i}),e.value&&
l("button",{class:"shade",type:"button","aria-label":"Close the list of rooms",onClick:i}),l("main",{class:"main",children:[l(Ln,{client:n,room:t,openRooms:()=>e.
value=!0}),l(Ge,{client:n,room:t},t.id),l("div",{class:"foot-line",children:[l(zn,{client:n,room:t}),l(Yn,{client:n,room:t})]}),l(On,{client:n,room:t},t.id)]})]})}var Je=document.getElementById("app"),Qn=document.getElementById("boot");if(Je&&Qn?.textContent){let n=new Ue(pn(Qn.textContent),new je),e=Je.querySelector("tex\
tarea")?.value??"";e!==""&&n.drafts.set(n.room.peek().id,e),Je.replaceChildren(),Ut(l(Zn,{client:n}),Je),U(()=>{let{info:t}=n.room.value.view.value,i=n.unseen.value;
document.title=`${i>0?`(${i}) `:""}${t.name} · Parley`}),n.start()}
